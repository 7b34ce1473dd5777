import { expect, it } from 'vitest';
import { cut } from '../../../src/plan/units.js';
import { DEFAULT_READING, readScripts } from '../../../src/script/read.js';
import { renderTemplate } from '../../../src/script/template.js';

/** What is replayed on a new connection in front of what comes behind these statements. */
async function replayed(settings: string): Promise<readonly string[]> {
  const read = await readScripts(
    [{ name: 'a.sql', bytes: Buffer.from(`${settings};\nSELECT 1;`) }],
    DEFAULT_READING,
  );
  const statements = read.ok ? (read.value[0]?.statements ?? []) : [];
  return (cut(statements).at(-1)?.context ?? []).map(({ statement }) => renderTemplate(statement.text).text);
}

it.each([
  ['SET a.b = 1; SET a.c = 1; SET a.b = 2', ['SET a.c = 1', 'SET a.b = 2']],
  ['SET a.b = 1; RESET A.B', ['RESET A.B']],
  ['RESET ALL; SET a.b = 1; RESET ALL', ['RESET ALL']],
  ['SET TIME ZONE 1; SET timezone = 2', ['SET timezone = 2']],
  ["SELECT set_config('A.b', '1', false); SET a.b = 2", ['SET a.b = 2']],
  ["SET a.b = 1; SELECT set_config('a.b', '2', false)", ["SELECT set_config('a.b', '2', false)"]],
  // Two settings in one statement.
  [
    "SELECT set_config('a.b', '1', false), set_config('a.c', '1', false); SET a.b = 2",
    ["SELECT set_config('a.b', '1', false), set_config('a.c', '1', false)", 'SET a.b = 2'],
  ],
  [
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET SESSION CHARACTERISTICS AS TRANSACTION DEFERRABLE',
    [
      'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
      'SET SESSION CHARACTERISTICS AS TRANSACTION DEFERRABLE',
    ],
  ],
  ['BEGIN; SET a.b = 1; SET a.b = 2; COMMIT; BEGIN; SET a.b = 3; ROLLBACK', ['SET a.b = 2']],
])('of settings that are made again the last one is left: %s', async (settings, left) => {
  expect(await replayed(settings)).toEqual(left);
});

it.each([
  ['SET ROLE a; RESET ROLE', ['RESET ROLE']],
  ['SET ROLE a; SET search_path = s; SET ROLE NONE', ['SET search_path = s', 'SET ROLE NONE']],
  ['SET SESSION AUTHORIZATION a; SET ROLE b; RESET SESSION AUTHORIZATION', ['RESET SESSION AUTHORIZATION']],
  ['SET SESSION AUTHORIZATION a; RESET ROLE', ['SET SESSION AUTHORIZATION a', 'RESET ROLE']],
  ['SET work_mem = 1000; SET ROLE a; RESET ALL', ['SET ROLE a', 'RESET ALL']],
  [
    'SET ROLE a; SET log_statement = mod; RESET ROLE; RESET log_statement',
    ['RESET ROLE', 'RESET log_statement'],
  ],
  // Only a superuser may have set it.
  [
    'SET ROLE a; SET session_replication_role = replica; RESET ROLE',
    ['SET ROLE a', 'SET session_replication_role = replica', 'RESET ROLE'],
  ],
])('so it is with the role, but for what only it may set: %s', async (settings, left) => {
  expect(await replayed(settings)).toEqual(left);
});
