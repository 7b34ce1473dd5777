import type { Tuning } from '../../src/model/tune.js';
import type { Bench } from './cases.js';
import { pqrun, psql } from './contenders.js';
import { alternate, median, runAll, timed } from './measure.js';
import type { Row } from './report.js';

/**
 * A backfill: of each of five million rows a hash is worked out and kept in another table, in pieces of its key; against equal pieces that were cut by
 * hand, each sent by a psql of its own. Then by a column of which 80 % of the rows have 1 % of the range; and by time, against
 * the best fixed size that `pqrun tune` finds.
 */
export async function backfill({ env, rounds, scale }: Bench): Promise<readonly Row[]> {
  const rows = Math.round(5_000_000 * scale);
  await runAll([psql(`DROP TABLE IF EXISTS bench_source, bench_copy; ${makeTable(rows)}`, env)]);
  await runAll([psql('VACUUM ANALYZE bench_source', env)]);
  const fresh = async (action: () => Promise<unknown>): Promise<number> => {
    await runAll([psql('TRUNCATE bench_copy; CHECKPOINT', env)]);
    return timed(action);
  };
  const ours = (split: string, connections: number): Promise<number> =>
    fresh(() =>
      runAll([pqrun(['-q', '-j', String(connections), '--no-history', '-c', directive(split)], env)]),
    );
  const theirs = (column: string, connections: number, most: number): Promise<number> =>
    fresh(() => runAll(widths(column, connections, most).map((chunk) => psql(copy(chunk), env))));
  const what = `copy ${(rows / 1e6).toFixed(0)} M rows`;
  const result: Row[] = [];
  for (const connections of [2, 4]) {
    const times = await alternate(rounds, {
      ours: () => ours('range=bench_source.id', connections),
      theirs: () => theirs('id', connections, rows),
    });
    const name = `${what} by their key, ${connections} connections`;
    result.push(rowOf(name, `equal pieces cut by hand, ${connections} psql`, { ...times, bar: 1.03 }));
  }
  const skewed = await alternate(rounds, {
    ours: () => ours('range=bench_source.place', 2),
    theirs: () => theirs('place', 2, PLACES),
  });
  result.push(
    rowOf(`${what} by a skewed column, 2 connections`, 'ranges of equal width, 2 psql', {
      ...skewed,
      bar: 1 / 1.5,
    }),
  );
  const size = await bestSize(env);
  const byTime = await alternate(rounds, {
    ours: () => ours('range=bench_source.id time=1s', 2),
    theirs: () => ours(`range=bench_source.id size=${size}`, 2),
  });
  result.push(
    rowOf(`${what} in pieces of time=1s`, `pieces of size=${size}, as tune finds best`, {
      ...byTime,
      bar: 1.1,
    }),
  );
  return result;
}

const PLACES = 1_000_000;

/** In the order of the skewed column, as tables are that grew with it. */
function makeTable(rows: number): string {
  return `CREATE TABLE bench_source AS
      SELECT row_number() OVER (ORDER BY place) AS id, place, value FROM (
        SELECT CASE WHEN n % 5 < 4 THEN 600000 + (random() * 10000)::int ELSE (random() * ${PLACES})::int END AS place,
          random() AS value FROM generate_series(1, ${rows}) AS n) AS s ORDER BY place;
    ALTER TABLE bench_source ADD PRIMARY KEY (id); CREATE INDEX ON bench_source (place);
    CREATE TABLE bench_copy (id bigint, value text)`;
}

function copy(chunk: string): string {
  const hashed = Array.from({ length: 16 }).reduce<string>(
    (value) => `sha512(${value})`,
    'value::text::bytea',
  );
  return `INSERT INTO bench_copy SELECT id, encode(${hashed}, 'hex') FROM bench_source WHERE ${chunk}`;
}

function directive(split: string): string {
  return `-- pqrun: split ${split}\n${copy(':chunk')}`;
}

/** Ranges of equal width, the last open. */
function widths(column: string, count: number, most: number): readonly string[] {
  const at = (piece: number): number => Math.ceil((piece * most) / count) + 1;
  return Array.from({ length: count }, (_, piece) =>
    piece === count - 1
      ? `${column} >= ${at(piece)}`
      : `${piece === 0 ? '' : `${column} >= ${at(piece)} AND `}${column} < ${at(piece + 1)}`,
  );
}

/** On two connections. */
async function bestSize(env: Bench['env']): Promise<number> {
  const args = ['tune', '-q', '-j', '2', '--format', 'json', '-c', directive('range=bench_source.id')];
  const [text = ''] = await runAll([pqrun(args, env)]);
  // What the program has just written.
  const [tuning] = JSON.parse(text) as readonly Tuning[];
  const sizes = tuning?.sizes.flatMap(({ measured }) => measured.at(-1) ?? []) ?? [];
  return sizes.reduce((best, one) => (one.rate > best.rate ? one : best)).size;
}

function rowOf(
  what: string,
  other: string,
  {
    ours,
    theirs,
    bar,
  }: { readonly ours: readonly number[]; readonly theirs: readonly number[]; readonly bar: number },
): Row {
  const [pqrunTime, seconds] = [median(ours), median(theirs)];
  const ratio = pqrunTime / seconds;
  return { what, pqrun: pqrunTime, other, seconds, ratio, bar: `≤ ${bar.toFixed(2)}`, met: ratio <= bar };
}
