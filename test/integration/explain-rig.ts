import { explain, type ExplainOutcome, type SerialReason } from '../../src/index.js';
import type { TestDatabase } from '../database.js';

/** What becomes of the last of these statements. */
export async function outcomeOf(
  database: TestDatabase,
  sql: string,
  analyze = false,
): Promise<ExplainOutcome> {
  const options = { commands: [sql], connection: { dbname: database.url }, analyze };
  const { explanation } = await explain(options);
  return explanation.statements.at(-1)!.outcome;
}

export async function reasonsOf(database: TestDatabase, sql: string): Promise<readonly SerialReason[]> {
  const outcome = await outcomeOf(database, sql);
  return outcome.kind === 'serial' ? outcome.reasons : [];
}

/** What there is to read and to call: `big` is read in parallel by 2 workers, `small` is not. */
export const SCHEMA = `
  CREATE TABLE big AS SELECT n, n % 10 AS k, repeat('x', 50) AS t FROM generate_series(1, 300000) n;
  CREATE TABLE small AS SELECT n FROM generate_series(1, 1000) n;
  CREATE TABLE target (n bigint);
  CREATE TABLE keyed AS SELECT n FROM big;
  ALTER TABLE keyed ADD PRIMARY KEY (n);
  CREATE TABLE guarded AS SELECT n FROM big;
  CREATE TABLE parted (n int) PARTITION BY RANGE (n);
  CREATE TABLE part PARTITION OF parted DEFAULT WITH (parallel_workers = 0);
  INSERT INTO parted SELECT n FROM big;
  CREATE TABLE greedy WITH (parallel_workers = 8) AS SELECT n FROM big;
  CREATE SEQUENCE s;
  CREATE FUNCTION unsafe(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN n; END';
  CREATE FUNCTION safe(n int) RETURNS int PARALLEL SAFE LANGUAGE plpgsql AS 'BEGIN RETURN n; END';
  CREATE VIEW unsafe_view AS SELECT unsafe(n) AS u FROM big;
  CREATE VIEW safe_view AS SELECT safe(n) AS u FROM big;
  CREATE FUNCTION unsafe_equal(a int, b int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN a = b; END';
  CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = unsafe_equal);
  CREATE VIEW operator_view AS SELECT n FROM big WHERE n === 1;
  CREATE POLICY only_one ON guarded USING (n === 1);
  ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
  CREATE TYPE cased AS (n int);
  CREATE FUNCTION to_cased(n int) RETURNS cased LANGUAGE plpgsql AS 'BEGIN RETURN row(n); END';
  CREATE CAST (int AS cased) WITH FUNCTION to_cased(int);
  CREATE AGGREGATE unsafe_sum(int) (SFUNC = int4pl, STYPE = int, COMBINEFUNC = int4pl, INITCOND = '0');
  CREATE AGGREGATE safe_sum(int) (SFUNC = int4pl, STYPE = int, COMBINEFUNC = int4pl, INITCOND = '0', PARALLEL = SAFE);
  CREATE AGGREGATE apart_sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = SAFE);
  CREATE DOMAIN plain AS int;
  CREATE DOMAIN positive AS plain CHECK (value > 0) NOT NULL;
  ANALYZE`;
