import type { CheckOptions } from '../api/check.js';
import type { RunOptions } from '../api/options.js';
import { maskSecrets } from '../db/settings/secrets.js';
import { diagnosticsText } from '../report/diagnostic-text.js';
import type { CheckOutcome } from '../report/check-outcome.js';
import type { Paint } from '../report/paint.js';
import { printText } from './destination.js';
import { exitStatus, handleSignals } from './exit.js';
import type { CommandLine, Flags } from './options.js';

/** `pqrun check`: steps on standard error, the outcome on standard output. */
export async function checkOnScreen(
  { flags }: CommandLine,
  options: RunOptions,
  paint: Paint,
): Promise<number> {
  const { check } = await import('../api/check.js');
  const { checkJson, checkText, stepText } = await import('../report/check-text.js');
  const stopping = new AbortController();
  let scratch: readonly string[] = [];
  let began = false;
  const signals = handleSignals(stopping, {
    force: () => {
      if (scratch.length > 0) process.stderr.write(`left behind: ${scratch.join(', ')}\n`);
    },
    canStop: () => began || scratch.length > 0,
  });
  try {
    const { outcome, warnings } = await check({
      ...options,
      ...ofCheck(flags),
      signal: stopping.signal,
      onStep: (step) => {
        began = true;
        if (flags.quiet !== true) process.stderr.write(`${paint.faint(stepText(step))}\n`);
      },
      onScratch: (names) => {
        scratch = names;
      },
    });
    if (warnings.length > 0) process.stderr.write(`${diagnosticsText(warnings, paint)}\n`);
    const text =
      flags.format === 'json' ? checkJson(outcome) : checkText(outcome, { all: flags.all === true });
    return await printText([maskSecrets(text)], exitStatus(statusOf(outcome), signals.received()));
  } finally {
    signals.release();
  }
}

type OfCheck = Pick<CheckOptions, 'ignore' | 'times' | 'template' | 'keep'>;

function ofCheck({ ignore, times, template, keep }: Flags): OfCheck {
  return {
    ...(ignore === undefined ? {} : { ignore }),
    ...(times === undefined ? {} : { times }),
    ...(template === undefined ? {} : { template }),
    ...(keep === undefined ? {} : { keep }),
  };
}

function statusOf({ status }: CheckOutcome): 'done' | 'failed' | 'interrupted' {
  if (status === 'interrupted') return status;
  return status === 'same' ? 'done' : 'failed';
}
