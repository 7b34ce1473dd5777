import { setTimeout as sleep } from 'node:timers/promises';

/** Asks every tenth of a second, for half a minute, until there is an answer; undefined: there was none. */
export async function patiently<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(INTERVAL);
  }
  return undefined;
}

const MOST_TRIES = 300;
/** Milliseconds. */
const INTERVAL = 100;
