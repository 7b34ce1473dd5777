import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDebianServer, type DebianServer } from '../debian-server.js';
import type { Bench } from './cases.js';
import { pqrun, psql, psqlFile } from './contenders.js';
import { alternate, median, runAll, timed, type Command } from './measure.js';
import type { Row } from './report.js';

/**
 * A database of about 250 MB, five tables of which one holds most rows, nine indexes, five foreign keys: its plain dump
 * over two connections against `pg_restore -j 2` of its custom dump. Both programs, and pg_dump, go with the server that
 * is used here. The dumps are made once and kept in the temporary directory.
 */
export async function pgRestore({ rounds, scale }: Bench): Promise<readonly Row[]> {
  const server = await startDebianServer();
  try {
    const { plain, custom } = await dumps(server, scale);
    const target = { ...server.env, PGDATABASE: 'bench_target' };
    const fresh = async (command: Command): Promise<number> => {
      await onServer(server, 'DROP DATABASE IF EXISTS bench_target');
      await onServer(server, 'CREATE DATABASE bench_target');
      await onServer(server, 'CHECKPOINT');
      return timed(() => runAll([command]));
    };
    const connections = '2';
    const restore = ['-j', connections, '-d', 'bench_target', custom];
    const times = await alternate(rounds, {
      pqrun: () => fresh(pqrun(['-q', '-j', connections, plain], target)),
      pgRestore: () => fresh({ program: join(server.bin, 'pg_restore'), args: restore, env: target }),
      psql: () => fresh(psqlFile(plain, target)),
    });
    const size = (statSync(plain).size / 1e6).toFixed(0);
    const what = `a dump of ${size} MB, five tables, nine indexes, 2 connections`;
    const own = median(times.pqrun);
    const against = (other: string, theirs: number): Row => {
      const ratio = own / theirs;
      return { what, pqrun: own, other, seconds: theirs, ratio, bar: '≤ 1', met: ratio <= 1 };
    };
    return [
      against('pg_restore -j 2 of the custom dump', median(times.pgRestore)),
      against('psql -f', median(times.psql)),
    ];
  } finally {
    await server.stop();
  }
}

function onServer({ env }: DebianServer, sql: string): Promise<unknown> {
  return runAll([psql(sql, env)]);
}

/** The two dumps of the same database, made where they are not there yet. */
async function dumps(
  server: DebianServer,
  scale: number,
): Promise<{ readonly plain: string; readonly custom: string }> {
  const directory = join(tmpdir(), `pqrun-bench-dumps-${server.version}-${scale}`);
  const at = (base: string): { readonly plain: string; readonly custom: string } => ({
    plain: join(base, 'plain.sql'),
    custom: join(base, 'custom.dump'),
  });
  if (existsSync(directory)) return at(directory);
  const unfinished = `${directory}.${process.pid}`;
  mkdirSync(unfinished);
  await onServer(server, 'CREATE DATABASE bench_source');
  const env = { ...server.env, PGDATABASE: 'bench_source' };
  await runAll([psql(source(scale), env)]);
  const dump = (format: string, path: string): Command => ({
    program: join(server.bin, 'pg_dump'),
    args: [`--format=${format}`, '-f', path],
    env,
  });
  const { plain, custom } = at(unfinished);
  await runAll([dump('plain', plain), dump('custom', custom)]);
  await onServer(server, 'DROP DATABASE bench_source');
  renameSync(unfinished, directory);
  return at(directory);
}

/** Five keys, and four indexes beside them. */
function source(scale: number): string {
  const rows = (count: number): number => Math.max(1, Math.round(count * scale));
  const [places, people, things, orders, lines] = [200, 40_000, 60_000, 450_000, 3_300_000].map(rows);
  const word = (seed: string): string => `md5((${seed})::text)`;
  return `
CREATE TABLE places (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE people (id integer PRIMARY KEY, place_id integer NOT NULL REFERENCES places, name text NOT NULL, mail text);
CREATE TABLE things (id integer PRIMARY KEY, maker_id integer REFERENCES people, title text NOT NULL, price numeric(10, 2));
CREATE TABLE orders (id integer PRIMARY KEY, person_id integer NOT NULL REFERENCES people, at timestamptz NOT NULL, note text);
CREATE TABLE lines (id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES orders, thing_id integer NOT NULL REFERENCES things,
  pieces integer NOT NULL, price numeric(10, 2) NOT NULL, remark text NOT NULL);
INSERT INTO places SELECT n, 'place ' || n FROM generate_series(1, ${places}) AS n;
INSERT INTO people SELECT n, 1 + n % ${places}, ${word('n')}, ${word('n + 7')} || '@example.org' FROM generate_series(1, ${people}) AS n;
INSERT INTO things SELECT n, 1 + n % ${people}, ${word('n * 3')}, n % 1000 + 0.99 FROM generate_series(1, ${things}) AS n;
INSERT INTO orders SELECT n, 1 + n::bigint * 7919 % ${people}, '2024-01-01'::timestamptz + n * interval '7 s', ${word('n * 5')}
  FROM generate_series(1, ${orders}) AS n;
INSERT INTO lines SELECT n, 1 + n::bigint * 7919 % ${orders}, 1 + n::bigint * 104729 % ${things}, n % 9 + 1, n % 5000 / 100.0, ${word('n * 11')}
  FROM generate_series(1, ${lines}) AS n;
CREATE INDEX people_name ON people (name);
CREATE INDEX orders_at ON orders (at);
CREATE INDEX lines_order ON lines (order_id);
CREATE INDEX lines_remark ON lines (remark);
`;
}
