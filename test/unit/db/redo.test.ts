import { expect, it } from 'vitest';
import { Redo, type RedoPoint } from '../../../src/db/redo.js';
import { messageOf } from '../../../src/db/job-message.js';
import type { Failure } from '../../../src/model/failure.js';
import { DEFAULT_SHOW } from '../../../src/model/script.js';
import { planOfText } from '../plan/planned-text.js';

const REFUSED: Failure = { kind: 'server', severity: 'ERROR', code: '40001', message: 'serialize' };
const ENDED: Failure = { kind: 'connection', phase: 'lost', code: '57P01', message: 'ended' };
const GONE: Failure = { kind: 'connection', phase: 'lost', message: 'gone', inDoubt: true };

/** `1 | 2 | 3`: steps that are sent one by one; `1 2 3`: in one go. The failing one is marked `!`. */
async function redone(text: string, failure: Failure): Promise<RedoPoint> {
  const groups = text.split('|').map((group) => group.split(';').map((step) => step.trim()));
  const texts = groups.flat();
  const failed = texts.findIndex((step) => step.startsWith('!'));
  const [job] = (await planOfText(texts.map((step) => step.replace('!', '')).join(';\n'))).jobs;
  const { steps } = messageOf(job!, { keepGoing: false, retries: 0, show: DEFAULT_SHOW, settings: [] });
  expect(steps).toHaveLength(texts.length);
  const redo = new Redo(steps, false);
  let first = 0;
  let inBlock = false;
  for (const group of groups) {
    const last = first + group.length - 1;
    redo.followTo(Math.min(last, failed), first, inBlock);
    if (failed <= last) return redo.from(failure, { failed, last });
    for (const { control } of steps.slice(first, last + 1))
      if (control === 'begin') inBlock = true;
      else if (control === 'commit' || control === 'rollback') inBlock = false;
    first = last + 1;
  }
  return undefined;
}

it.each([
  // A statement by itself is undone alone; a block from its beginning on.
  ['INSERT INTO t VALUES (1) | !UPDATE t SET a = 1', 1, 1, 'unknown'],
  ['INSERT INTO t VALUES (1) | BEGIN | INSERT INTO t VALUES (1) | !UPDATE t SET a = 1', 1, 1, 1],
  ['BEGIN | INSERT INTO t VALUES (1) | !COMMIT', 0, 0, 'unknown'],
  ['BEGIN | INSERT INTO t VALUES (1) | COMMIT | !SELECT 1', 3, 3, 'unknown'],
  ['BEGIN | SAVEPOINT s | !ROLLBACK TO s | COMMIT', 0, 0, 0],
  // What was sent ahead may have been committed, too.
  ['BEGIN; INSERT INTO t VALUES (1); !SELECT 1; COMMIT', 0, 0, 'unknown'],
  ['BEGIN; INSERT INTO t VALUES (1); !SELECT 1 | COMMIT', 0, 0, 0],
  ['!INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)', 0, 0, 'unknown'],
  // Nobody knows what is left of these.
  ['!VACUUM t', undefined, undefined, 'unknown'],
  ['!CALL p()', undefined, undefined, 'unknown'],
  ["!DO 'begin commit end'", undefined, undefined, 'unknown'],
  ["!DO 'begin perform 1 end'", 0, 0, 'unknown'],
  ['BEGIN | COMMIT AND CHAIN | !SELECT 1', undefined, undefined, 'unknown'],
] as const)('%s', async (text, refused, ended, gone) => {
  expect(await redone(text, REFUSED)).toBe(refused);
  expect(await redone(text, ENDED)).toBe(ended);
  expect(await redone(text, GONE)).toBe(gone);
});

it('a job that is one transaction begins anew, unless its COMMIT is in doubt', () => {
  const redo = new Redo([], true);
  expect(redo.from(REFUSED, { failed: 0, last: 0 })).toBe(0);
  expect(redo.from(GONE, { failed: -1, last: 0 })).toBe(0);
  expect(redo.from(GONE, { failed: 0, last: 0 })).toBe('unknown');
});
