import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parseProgram } from '../../../same/program.js';
import { planned } from './planned.js';

/** PostgreSQL refuses it when it comes to it; until then the plan must not go around in a circle. */
it.each([
  ['a table that inherits from its heir', 'CREATE TABLE b () INHERITS (a); ALTER TABLE a INHERIT b'],
  ['a table that inherits from itself', 'ALTER TABLE a INHERIT a'],
  [
    'a partition of its partition',
    `CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE q (id int) PARTITION BY LIST (id);
     ALTER TABLE p ATTACH PARTITION q DEFAULT; ALTER TABLE q ATTACH PARTITION p DEFAULT; CREATE INDEX ON p (id)`,
  ],
])('%s', async (_what, circle) => {
  const { jobs } = await planned(
    `CREATE TABLE a (id int);\n${circle};\nALTER TABLE a ADD x int;\nDROP TABLE a;`,
  );
  const reasons = jobs.flatMap(({ alone }) => (alone === undefined ? [] : [alone.reason]));
  expect(reasons).toContainEqual(expect.stringMatching(/ is above .* already$/));
});

const KEPT = resolve(import.meta.dirname, '../../../same/kept');

function pairs(names: readonly string[], text: (one: string, other: string) => string): readonly string[] {
  return names.flatMap((one) => names.map((other) => text(one, other)));
}

/** Those of kept programs that need nothing behind or in front of them, and some that make circles. */
const STATEMENTS = [
  ...readdirSync(KEPT)
    .flatMap((name) => parseProgram(readFileSync(join(KEPT, name), 'utf8')).files.flat())
    .flatMap(({ text, data }) => (data !== undefined || text.startsWith('--') ? [] : [text])),
  ...pairs(['t1', 't2', 't3'], (one, other) => `ALTER TABLE ${one} INHERIT ${other};`),
  ...pairs(['t1', 't2', 't3'], (one, other) => `ALTER TABLE ${one} ATTACH PARTITION ${other} DEFAULT;`),
  ...pairs(['v1', 'v2'], (one, other) => `CREATE OR REPLACE VIEW ${one} AS SELECT * FROM ${other};`),
];

it('whatever the statements are, there is a plan of them', async () => {
  const statement = fc.constantFrom(...STATEMENTS);
  const scripts = fc.array(
    fc.array(statement, { maxLength: 40 }).map((texts) => texts.join('\n')),
    { minLength: 1, maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(scripts, async (texts) => {
      await planned(texts);
    }),
    { numRuns: 200, seed: 7 },
  );
});
