import { RESTARTED } from '../db/epoch.js';
import type { RunStatus } from '../model/event.js';
import type { RunJournal } from './journal.js';
import type { SettledOptions } from './options.js';
import type { RunTelling } from './run-telling.js';
import type { Target } from './target.js';

export interface Leaving {
  readonly settled: SettledOptions;
  readonly telling: RunTelling;
  readonly ended: RunStatus;
  readonly journal: RunJournal | undefined;
}

/** Says goodbye on every connection and makes the commits durable: what a run promises is true when it exits 0. */
export async function leave(target: Target, leaving: Leaving): Promise<RunStatus> {
  const { settled, telling } = leaving;
  await target.releaseSnapshots();
  const goodbye = target.pool.leave().then((exitFailure) => {
    if (exitFailure !== undefined)
      telling.warn({ severity: 'warning', message: `--exit-sql failed: ${exitFailure}` });
  });
  // What --exit-sql commits is to be on disk, too; without it, connections end meanwhile.
  if (settled.exitSql !== '') await goodbye;
  const [status] = await Promise.all([makeDurable(target, leaving), goodbye]);
  return status;
}

async function makeDurable(
  target: Target,
  { ended, settled, telling, journal }: Leaving,
): Promise<RunStatus> {
  // What the run before has done may not be on disk yet, either.
  const mayBeLost = telling.anythingRan || journal !== undefined;
  if (settled.synchronousCommit || !mayBeLost) return ended;
  try {
    const [haveRestarted] = await Promise.all([target.haveRestarted(), target.controls.flush()]);
    if (!haveRestarted) return ended;
    const { message, hint } = RESTARTED;
    telling.warn({ severity: 'error', message, ...(hint === undefined ? {} : { hint }) });
    return ended === 'done' ? 'failed' : ended;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    telling.warn({
      severity: 'warning',
      message: `the last commits may not be on disk: ${cause}`,
      hint: 'when the server is back, look whether the last jobs are there, or run with --synchronous-commit',
    });
    return ended === 'done' ? 'failed' : ended;
  }
}
