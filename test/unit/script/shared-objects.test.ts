import { expect, it } from 'vitest';
import { sharedEffect } from '../../../src/script/shared-objects.js';
import { loadParser } from '../../../src/script/syntax.js';

const parser = await loadParser();

function effectOf(sql: string): string | undefined {
  const parsed = parser.parse(sql);
  const [node] = parsed.kind === 'parsed' ? parsed.nodes : [];
  if (node === undefined) throw new Error(`not parsed: ${sql}`);
  return sharedEffect(node);
}

it.each([
  ['CREATE USER a', 'it creates a role'],
  ['ALTER ROLE a SUPERUSER', 'it changes a role'],
  ['ALTER ROLE a IN DATABASE b SET work_mem = 1', 'it changes a role'],
  ['DROP ROLE a', 'it drops a role'],
  ['GRANT a TO b', 'it grants or revokes a role'],
  ["COMMENT ON ROLE a IS 'x'", 'it changes a role'],
  ['ALTER ROLE a RENAME TO b', 'it changes a role'],
  ["CREATE TABLESPACE a LOCATION '/x'", 'it creates a tablespace'],
  ['ALTER TABLESPACE a OWNER TO b', 'it changes a tablespace'],
  ['CREATE DATABASE a', 'it creates a database'],
  ['DROP DATABASE a', 'it drops a database'],
  ["ALTER DATABASE a SET work_mem = '1MB'", 'it changes a database'],
  ['ALTER DATABASE a CONNECTION LIMIT 3', 'it changes a database'],
  ['ALTER DATABASE a OWNER TO b', 'it changes a database'],
  ['GRANT CREATE ON DATABASE a TO b', 'it changes a database'],
  ['ALTER SYSTEM SET work_mem = 1', 'it changes settings of the server'],
])('%s', (sql, effect) => {
  expect(effectOf(sql)).toBe(effect);
});

it.each([
  'GRANT SELECT ON a TO b',
  "COMMENT ON TABLE a IS 'x'",
  'ALTER TABLE a OWNER TO b',
  'ALTER TABLE a RENAME TO b',
  'SET ROLE a',
  'CREATE SCHEMA a AUTHORIZATION b',
])('%s is the business of one database', (sql) => {
  expect(effectOf(sql)).toBeUndefined();
});
