import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './cases.js';
import { pqrun, psql, psqlFile } from './contenders.js';
import { alternate, median, runAll, timed } from './measure.js';
import type { Row } from './report.js';

/**
 * Ten thousand small SELECTs on a table of a million rows, results kept and in order, against the file cut into as many
 * equal slices for psql processes.
 */
export async function queries({ env, rounds, scale }: Bench): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pqrun-bench-'));
  try {
    await runAll([psql(TABLE, env)]);
    const texts = Array.from({ length: Math.round(10_000 * scale) }, (_, index) => queryText(index));
    const all = join(directory, 'all.sql');
    writeFileSync(all, texts.join(''));
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
      const times = await alternate(rounds, {
        pqrun: () => timed(() => runAll([ours])),
        psqls: () => timed(() => runAll(slices)),
      });
      const [own, other] = [median(times.pqrun), median(times.psqls)];
      const [what, processes] = [
        `${texts.length.toLocaleString('en')} SELECTs, -j ${connections}`,
        `${connections} psql`,
      ];
      rows.push({
        what,
        pqrun: own,
        other: processes,
        seconds: other,
        ratio: own / other,
        bar: '≤ 1',
        met: own <= other,
      });
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

/** Half are ranges of one index, half of another with a filter. */
function queryText(index: number): string {
  const place = (index * 104_729) % 990_000;
  return index % 2 === 0
    ? `SELECT id, a, note FROM bench_queries WHERE a BETWEEN ${place} AND ${place + 5} ORDER BY id;\n`
    : `SELECT id, b, note FROM bench_queries WHERE b = ${place % 1000} AND id < ${place} AND note LIKE '%7' ORDER BY id LIMIT 20;\n`;
}
