import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Sight, Suspect } from '../../../src/db/look.js';
import { LookAsker, Watchdog } from '../../../src/db/watchdog.js';

const SUSPECT = { identity: { server: '', pid: 1, since: '' }, host: { host: '' } } as unknown as Suspect;

it('answers whoever asks', async () => {
  const dog = new Watchdog('pqrun test answers', () => Promise.resolve('works'));
  expect(await new LookAsker('pqrun test answers').ask(0, SUSPECT)).toBe('works');
  dog.close();
});

it('says nothing once it is closed, even if a look was under way', async () => {
  const looks: ((sight: Sight) => void)[] = [];
  const dog = new Watchdog('pqrun test closed', () => new Promise((resolve) => looks.push(resolve)));
  let heard: Sight | undefined;
  void new LookAsker('pqrun test closed').ask(0, SUSPECT).then((sight) => (heard = sight));
  while (looks.length === 0) await sleep(1);
  dog.close();
  // What is thrown behind this promise would fail the test run.
  looks[0]?.('idle');
  await sleep(20);
  expect(heard).toBeUndefined();
});
