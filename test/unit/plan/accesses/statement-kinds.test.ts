import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { BARRIERS, NO_STATEMENTS } from '../../../../src/plan/accesses/families/barriers.js';
import { RULES } from '../../../../src/plan/accesses/families/rules.js';

/** Every kind of statement in PostgreSQL 18's grammar has a rule, or is a barrier with its reason. */

/** Names of the parser's nodes, as its types list them. */
function statementKinds(): readonly string[] {
  const parser = createRequire(import.meta.url).resolve('libpg-query');
  const types = createRequire(parser).resolve('@pgsql/types/package.json');
  const declared = readFileSync(join(dirname(types), 'types.d.ts'), 'utf8');
  const union = declared.slice(declared.indexOf('export type Node ='), declared.indexOf('export interface'));
  return [...union.matchAll(/\b(\w+Stmt): \1;/g)].flatMap(([, name]) => name ?? []);
}

const KINDS = statementKinds();

it('knows the kinds of the grammar', () => {
  expect(KINDS.length).toBeGreaterThan(115);
  expect(KINDS).toEqual(expect.arrayContaining(['SelectStmt', 'AlterTableStmt', 'CallStmt', 'MergeStmt']));
});

it.each(KINDS)('%s', (kind) => {
  const places = [kind in RULES, kind in BARRIERS, NO_STATEMENTS.has(kind)];
  expect(places.filter(Boolean)).toHaveLength(1);
});

it('gives each barrier a reason', () => {
  for (const { reason } of Object.values(BARRIERS)) expect(reason).toMatch(/\w+ \w+/);
});
