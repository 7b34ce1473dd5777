import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './cases.js';
import { hasPython, pgbench, pqrun, psql, psqlFile, pythonQueries } from './contenders.js';
import { alternate, median, runAll, timed } from './measure.js';
import type { Row } from './report.js';

/**
 * Ten thousand small SELECTs on a table of a million rows, results kept and in order, against the file cut into as many
 * equal slices for psql processes, and against pgbench, which sends as many of the same two shapes with random ids and
 * keeps nothing.
 */
export async function queries({ env, rounds, scale }: Bench): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pqrun-bench-'));
  try {
    await runAll([psql(TABLE, env)]);
    const texts = Array.from({ length: Math.round(10_000 * scale) }, (_, index) => queryText(index));
    const all = join(directory, 'all.sql');
    writeFileSync(all, texts.join(''));
    const shapes = SHAPES.map((shape, index) => {
      const path = join(directory, `shape-${index}.sql`);
      writeFileSync(
        path,
        `\\set place random(0, 989999)\n\\set b mod(:place, 1000)\n\\set last :place + 5\n${shape(PGBENCH)}`,
      );
      return path;
    });
    const rows: Row[] = [];
    for (const connections of [1, 2, 4]) {
      const slices = Array.from({ length: connections }, (_, slice) => {
        const path = join(directory, `slice-${slice}.sql`);
        const size = Math.ceil(texts.length / connections);
        writeFileSync(path, texts.slice(slice * size, (slice + 1) * size).join(''));
        return psqlFile(path, env);
      });
      const ours = pqrun(['-q', '--order', 'none', '-j', String(connections), all], env);
      const outputs = await Promise.all([runAll([ours]), runAll(slices)]);
      if (outputs[0].join('') !== outputs[1].join('')) throw new Error('the results differ');
      const contenders: Record<string, () => Promise<number>> = {
        pqrun: () => timed(() => runAll([ours])),
        psqls: () => timed(() => runAll(slices)),
        pgbench: () =>
          timed(() => runAll([pgbench(shapes, { transactions: texts.length, connections, env })])),
      };
      if (connections === 2 && hasPython())
        contenders.pool = () => timed(() => runAll([pythonQueries('pool', { path: all, connections, env })]));
      const times = await alternate(rounds, contenders);
      const own = median(times.pqrun ?? []);
      const what = `${texts.length.toLocaleString('en')} SELECTs, -j ${connections}`;
      for (const [other, taken] of [
        [`${connections} psql`, times.psqls],
        [`pgbench -c ${connections}`, times.pgbench],
        ['a Python pool with 2 connections', times.pool],
      ] as const) {
        if (taken === undefined) continue;
        const seconds = median(taken);
        rows.push({
          what,
          pqrun: own,
          other,
          seconds,
          ratio: own / seconds,
          bar: '≤ 1',
          met: own <= seconds,
        });
      }
    }
    return rows;
  } finally {
    await runAll([psql('DROP TABLE IF EXISTS bench_queries', env)]);
    rmSync(directory, { recursive: true });
  }
}

const TABLE = `DROP TABLE IF EXISTS bench_queries;
  CREATE TABLE bench_queries AS
    SELECT id, (id::bigint * 7919 % 1000000)::int AS a, id % 1000 AS b, 'note ' || id AS note FROM generate_series(1, 1000000) AS id;
  CREATE INDEX ON bench_queries (a); CREATE INDEX ON bench_queries (b, id); ANALYZE bench_queries`;

interface Place {
  readonly place: number | string;
  readonly last: number | string;
  readonly b: number | string;
}

/** pgbench's variables. */
const PGBENCH: Place = { place: ':place', last: ':last', b: ':b' };

/** A range of one index, and another index with a filter. */
const SHAPES: readonly ((place: Place) => string)[] = [
  ({ place, last }) =>
    `SELECT id, a, note FROM bench_queries WHERE a BETWEEN ${place} AND ${last} ORDER BY id;\n`,
  ({ place, b }) =>
    `SELECT id, b, note FROM bench_queries WHERE b = ${b} AND id < ${place} AND note LIKE '%7' ORDER BY id LIMIT 20;\n`,
];

/** Half of one shape, half of the other. */
function queryText(index: number): string {
  const place = (index * 104_729) % 990_000;
  return SHAPES[index % SHAPES.length]?.({ place, last: place + 5, b: place % 1000 }) ?? '';
}
