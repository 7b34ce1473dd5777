import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Bench } from './cases.js';
import { pqrun } from './contenders.js';
import { inDirectory } from './dumps.js';
import { alternate, median, runAll, timed, type Command } from './measure.js';
import type { Row } from './report.js';

/**
 * Reading and planning long scripts of mixed statements: seconds of whole processes that may use one core, and the memory
 * that a plan takes (plan-memory.ts says how that is measured).
 */
export async function planning({ env, rounds, scale }: Bench): Promise<readonly Row[]> {
  return inDirectory(async (directory) => {
    const rows: Row[] = [];
    for (const { count, seconds, of } of SIZES) {
      const path = join(directory, `mixed-${count}.sql`);
      const statements = Math.round(count * scale);
      writeFileSync(path, mixed(statements));
      const { own } = await alternate(Math.min(rounds, of), {
        own: () => timed(() => runAll([onOneCore(pqrun(['plan', path], env))])),
      });
      const took = median(own);
      const what = `${statements.toLocaleString('en')} mixed statements, read and planned on one core`;
      const bar = seconds * scale;
      const ratio = took / bar;
      rows.push({ what, pqrun: took, other: 'the bar', seconds: bar, ratio, bar: '≤ 1', met: ratio <= 1 });
      rows.push(await memoryRow(path, statements));
    }
    return rows;
  });
}

const SIZES = [
  { count: 20_000, seconds: 2, of: 5 },
  { count: 200_000, seconds: 25, of: 2 },
] as const;

/** util-linux has it. */
function onOneCore({ program, args, ...rest }: Command): Command {
  return { program: 'taskset', args: ['-c', '0', program, ...args], ...rest };
}

/** Bytes here, not seconds. */
async function memoryRow(path: string, statements: number): Promise<Row> {
  const script = resolve(import.meta.dirname, 'plan-memory.ts');
  const args = ['--expose-gc', '--import', 'tsx', script, path];
  const [told = ''] = await runAll([{ program: process.execPath, args }]);
  const bytes = Number(told) / statements;
  return {
    what: `bytes a statement that a plan of ${statements.toLocaleString('en')} keeps beside their text`,
    pqrun: bytes,
    other: 'the bar',
    seconds: 1024,
    ratio: bytes / 1024,
    unit: 'B',
    bar: '≤ 1',
    met: bytes <= 1024,
  };
}

/** What builds are made of, ten statements a turn: tables with keys, rows, changes, questions, views, routines, rights. */
function mixed(statements: number): string {
  const texts: string[] = [];
  for (let turn = 0; texts.length < statements; turn += 1) texts.push(...turnOf(turn));
  return `${texts.slice(0, statements).join(';\n')};\n`;
}

function turnOf(turn: number): readonly string[] {
  const [table, other] = [`area_${turn % 50}.t${turn}`, `area_${(turn * 7) % 50}.t${turn - (turn % 5) - 1}`];
  const schema = turn < 50 ? `CREATE SCHEMA area_${turn}` : `ANALYZE ${table}`;
  const view =
    turn < 5
      ? `CREATE VIEW area_${turn % 50}.v${turn} AS SELECT id, name FROM ${table}`
      : `CREATE VIEW area_${turn % 50}.v${turn} AS SELECT a.id, b.name FROM ${table} AS a JOIN area_${(turn - 1) % 50}.t${turn - 1} AS b USING (id) WHERE a.amount > 10`;
  return [
    ...(turn < 50 ? [schema] : []),
    `CREATE TABLE ${table} (id integer PRIMARY KEY, name text NOT NULL, amount numeric(10, 2) DEFAULT 0 CHECK (amount >= 0))`,
    `INSERT INTO ${table} (id, name, amount) VALUES (1, 'first of ${turn}', 1.5), (2, 'it''s the second', 2.5)`,
    `INSERT INTO ${table} (id, name) VALUES (${turn + 3}, 'number ${turn}')`,
    `UPDATE ${table} SET amount = amount * 1.1, name = upper(name) WHERE id % 3 = ${turn % 3}`,
    `CREATE INDEX ON ${table} (lower(name), amount)`,
    view,
    `CREATE FUNCTION area_${turn % 50}.f${turn}(n integer) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM ${table} WHERE id > n'`,
    turn % 5 === 4 && turn > 4
      ? `INSERT INTO ${table} SELECT id + 1000, name FROM ${other.replace(/^area_\d+/, `area_${(turn - (turn % 5) - 1) % 50}`)} WHERE amount < 100`
      : `DELETE FROM ${table} WHERE amount > 10000`,
    `COMMENT ON TABLE ${table} IS 'what turn ${turn} made'`,
    ...(turn < 50 ? [] : [schema]),
  ];
}
