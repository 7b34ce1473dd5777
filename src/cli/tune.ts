import type { RunOptions } from '../api/options.js';
import { maskSecrets } from '../db/settings/secrets.js';
import type { Paint } from '../report/paint.js';
import { printText } from './destination.js';
import { exitStatus, handleSignals } from './exit.js';
import type { CommandLine } from './options.js';

/** `pqrun tune`: what will be done on standard error, the outcome on standard output. */
export async function tuneOnScreen(
  { flags }: CommandLine,
  options: RunOptions,
  paint: Paint,
): Promise<number> {
  const { tune } = await import('../api/tune.js');
  const { tuneJson, tunePlanText, tuneText } = await import('../report/tune-text.js');
  const stopping = new AbortController();
  let began = false;
  const signals = handleSignals(stopping, { force: () => undefined, canStop: () => began });
  const { trial, size } = flags;
  try {
    const tunings = await tune({
      ...options,
      ...(trial === undefined ? {} : { trial }),
      ...(size === undefined ? {} : { sizes: size }),
      signal: stopping.signal,
      onBegin: (plan) => {
        began = true;
        if (flags.quiet !== true) process.stderr.write(`${paint.faint(tunePlanText(plan))}\n`);
      },
    });
    const text = flags.format === 'json' ? tuneJson(tunings) : tuneText(tunings);
    const status = exitStatus(stopping.signal.aborted ? 'interrupted' : 'done', signals.received());
    return await printText([maskSecrets(text)], status);
  } finally {
    signals.release();
  }
}
