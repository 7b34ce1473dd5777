import { expect, it } from 'vitest';
import { planned, waits } from './planned.js';

/** Names are looked up in the search_path that --init-sql sets. */

const SCRIPT = `
CREATE SCHEMA s;
CREATE TABLE public.t (n int);
CREATE TABLE s.t (n int);
-- pqrun: label=inner
UPDATE s.t SET n = 1;
-- pqrun: label=outer
UPDATE public.t SET n = 1;
-- pqrun: label=plain
UPDATE t SET n = 2;
`;

it.each([
  ['', ['outer']],
  ['SET search_path = s, public', ['inner']],
  ["SELECT set_config('search_path', 's', false)", ['inner']],
  ['SET work_mem = 64', ['outer']],
  ["DO $$ BEGIN EXECUTE 'SET search_path = s'; END $$", ['inner', 'outer']],
])('init %j', async (initSql, expected) => {
  const plan = await planned(SCRIPT, { initSql });
  expect(['inner', 'outer'].filter((name) => waits(plan, 'plain', name))).toEqual(expected);
});
