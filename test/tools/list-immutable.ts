/**
 * Writes src/plan/catalog/immutable-functions.ts: asks servers, best of the oldest and the newest version, for the functions
 * of pg_catalog that are immutable, and leaves out those that placed-functions.ts names.
 *
 *     npx tsx test/tools/list-immutable.ts postgresql://… postgresql://…
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { PLACED } from '../../src/plan/catalog/placed-functions.js';
import { wordsOf } from '../../src/plan/catalog/word-list.js';

const FILE = join(import.meta.dirname, '../../src/plan/catalog/immutable-functions.ts');
const LINE = 108;

const FUNCTIONS = `
  SELECT proname::text AS name, bool_and(provolatile = 'i') AS "isImmutable" FROM pg_proc
  WHERE pronamespace = 'pg_catalog'::regnamespace AND oid < 16384 GROUP BY proname`;

const HEADER = `/**
 * The functions of pg_catalog that are immutable in all their variants, in all versions of PostgreSQL that were asked.
 * Written by test/tools/list-immutable.ts; nothing here is to be changed by hand.
 */
`;

const placed = new Set(Object.values(PLACED).flatMap(wordsOf));
const immutable = new Set<string>();
const others = new Set<string>();
for (const url of process.argv.slice(2)) {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ name: string; isImmutable: boolean }>(FUNCTIONS);
  for (const { name, isImmutable } of rows) (isImmutable ? immutable : others).add(name);
  await client.end();
}
const names = [...immutable].filter((name) => !others.has(name) && !placed.has(name)).toSorted();
writeFileSync(FILE, `${HEADER}export const IMMUTABLE = \`\n${lines(names).join('\n')}\n\`;\n`);
const unplaced = [...others].filter((name) => !placed.has(name)).toSorted();
if (unplaced.length > 0) console.log(`to be put into placed-functions.ts: ${unplaced.join(' ')}`);

function lines(words: readonly string[]): readonly string[] {
  const result: string[] = [];
  for (const word of words) {
    const last = result.at(-1);
    if (last !== undefined && last.length + word.length < LINE) result[result.length - 1] = `${last} ${word}`;
    else result.push(word);
  }
  return result;
}
