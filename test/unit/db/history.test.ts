import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { History } from '../../../src/db/history.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pqrun-test-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const of = (input: string): History =>
  new History({ inputs: [input], target: 'postgresql://here/db' }, { XDG_CACHE_HOME: root });
const files = (): readonly string[] => readdirSync(join(root, 'pqrun', 'durations'));

/** As if nothing had written the files that are there for so many days. */
function age(days: number): void {
  const then = new Date(Date.now() - days * 24 * 3_600_000);
  for (const name of files()) utimesSync(join(root, 'pqrun', 'durations', name), then, then);
}

it('remembers of each input what its last run took', async () => {
  await of('a').write(new Map([['one', 1.5]]));
  await of('b').write(new Map([['one', 7]]));
  await of('a').write(new Map([['two', 2]]));
  expect([...(await of('a').read())]).toEqual([['two', 2]]);
  expect([...(await of('b').read())]).toEqual([['one', 7]]);
  expect([...(await of('c').read())]).toEqual([]);
});

it.each(['', '{', 'null', '[1]', '{"one": "long"}'])(
  'knows nothing from a file that holds %j',
  async (text) => {
    await of('a').write(new Map([['one', 1]]));
    for (const name of files()) writeFileSync(join(root, 'pqrun', 'durations', name), text);
    const known = await of('a').read();
    expect([...known.values()].filter((value) => typeof value !== 'number')).toEqual([]);
    expect(known.has('one')).toBe(false);
  },
);

it('takes away what no run has written for three months when another comes', async () => {
  await of('old').write(new Map());
  age(91);
  await of('young').write(new Map());
  expect(files()).toHaveLength(1);
  age(89);
  await of('new').write(new Map());
  expect(files()).toHaveLength(2);
});

it('goes without where it cannot write', async () => {
  writeFileSync(join(root, 'pqrun'), 'a file');
  await of('a').write(new Map([['one', 1]]));
  expect([...(await of('a').read())]).toEqual([]);
});
