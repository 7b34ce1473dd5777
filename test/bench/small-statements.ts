import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './cases.js';
import { pqrun, psql, psqlFile, psqlFiles } from './contenders.js';
import { onDurableServer } from './durable.js';
import { inDirectory } from './dumps.js';
import { alternate, median, runAll, timed, type Command } from './measure.js';
import type { Row } from './report.js';

/** Many small statements that commit one by one, in one long script and in many tiny ones; commits reach the disk. */

const RESET = 'DROP SCHEMA public CASCADE; CREATE SCHEMA public; CHECKPOINT';

/** Eleven tables with their keys, and then one INSERT a row, as sample databases are published. */
export async function chinookLike({ rounds, scale }: Bench): Promise<readonly Row[]> {
  return inDirectory(async (directory) =>
    onDurableServer(async (env) => {
      const path = join(directory, 'shop.sql');
      const { text, count } = rowByRow(scale);
      writeFileSync(path, text);
      const run = freshly(env);
      const times = await alternate(rounds, {
        pqrun: () => run([pqrun(['-q', path], env)]),
        psql: () => run([psqlFile(path, env)]),
      });
      return [
        against(
          `${count.toLocaleString('en')} INSERTs into 11 tables with keys`,
          { pqrun: median(times.pqrun), other: 'psql -f', seconds: median(times.psql) },
          4,
        ),
      ];
    }),
  );
}

/** 285 scripts of a few statements, each of which goes on from the one before. */
export async function tinyScripts({ rounds, scale }: Bench): Promise<readonly Row[]> {
  return inDirectory(async (directory) =>
    onDurableServer(async (env) => {
      const count = Math.round(285 * scale);
      const build = join(directory, 'migrations');
      mkdirSync(build);
      const paths = Array.from({ length: count }, (_, index) => {
        const path = join(build, `${String(index + 1).padStart(4, '0')}-step.sql`);
        writeFileSync(path, migration(index));
        return path;
      });
      const run = freshly(env);
      const times = await alternate(rounds, {
        pqrun: () => run([pqrun(['-q', build], env)]),
        many: () => run(paths.map((path) => psqlFile(path, env))),
        one: () => run([psqlFiles(paths, env)]),
      });
      const own = median(times.pqrun);
      const what = `${count} tiny scripts`;
      return [
        against(what, { pqrun: own, other: 'one psql a script', seconds: median(times.many) }, 8),
        against(what, { pqrun: own, other: 'one psql for all', seconds: median(times.one) }, 1),
      ];
    }),
  );
}

type Run = (commands: readonly Command[]) => Promise<number>;

/** Seconds of these commands, one after another, on an empty database. */
function freshly(env: Bench['env']): Run {
  return async (commands) => {
    await runAll([psql(RESET, env)]);
    return timed(async () => {
      for (const command of commands) await runAll([command]);
    });
  };
}

function against(what: string, found: Pick<Row, 'pqrun' | 'other' | 'seconds'>, times: number): Row {
  const ratio = found.pqrun / found.seconds;
  return { what, ...found, ratio, bar: `≤ ${1 / times}`, met: ratio <= 1 / times };
}

interface Kind {
  readonly name: string;
  readonly rows: number;
  readonly refers: readonly string[];
}

/** A library: few authors, many copies, most of all who has which on which list. */
const KINDS: readonly Kind[] = [
  { name: 'subject', rows: 25, refers: [] },
  { name: 'binding', rows: 5, refers: [] },
  { name: 'author', rows: 275, refers: [] },
  { name: 'series', rows: 350, refers: ['author'] },
  { name: 'book', rows: 3500, refers: ['series', 'binding', 'subject'] },
  { name: 'librarian', rows: 8, refers: ['librarian'] },
  { name: 'reader', rows: 60, refers: ['librarian'] },
  { name: 'loan', rows: 410, refers: ['reader'] },
  { name: 'loan_line', rows: 2240, refers: ['loan', 'book'] },
  { name: 'list', rows: 18, refers: [] },
  { name: 'list_book', rows: 8700, refers: ['list', 'book'] },
];

function rowByRow(scale: number): { readonly text: string; readonly count: number } {
  const sizeOf = (rows: number): number => Math.max(1, Math.round(rows * scale));
  const sizes = new Map(KINDS.map(({ name, rows }) => [name, sizeOf(rows)]));
  const tables = KINDS.map(
    ({ name, refers }) => `CREATE TABLE ${name} (
    id integer NOT NULL,
    title varchar(120) NOT NULL,
${refers.map((other) => `    its_${other} integer,\n`).join('')}    price numeric(10, 2) NOT NULL,
    CONSTRAINT ${name}_pkey PRIMARY KEY (id)
);\n`,
  );
  const keys = KINDS.flatMap(({ name, refers }) =>
    refers.map(
      (other) => `ALTER TABLE ${name} ADD CONSTRAINT ${name}_${other}_fkey
    FOREIGN KEY (its_${other}) REFERENCES ${other} (id);
CREATE INDEX ${name}_${other}_idx ON ${name} (its_${other});\n`,
    ),
  );
  const inserts = KINDS.flatMap(({ name, rows, refers }) => {
    const columns = ['id', 'title', ...refers.map((other) => `its_${other}`), 'price'].join(', ');
    return Array.from({ length: sizeOf(rows) }, (_, index) => {
      // A row that refers to its own table refers to an earlier row.
      const others = refers.map((other) =>
        other === name ? (index === 0 ? 'NULL' : 1) : 1 + ((index * 7919) % (sizes.get(other) ?? 1)),
      );
      const values = [index + 1, `'It''s ${name} number ${index + 1}'`, ...others, (index % 100) / 10];
      return `INSERT INTO ${name} (${columns}) VALUES (${values.join(', ')});\n`;
    });
  });
  return { text: [...tables, ...keys, ...inserts].join('\n'), count: inserts.length };
}

/** What the steps of a project's history do: nearly each changes what the last one made. */
function migration(index: number): string {
  const log = `INSERT INTO migration VALUES (${index}, 'step ${index}');\n`;
  if (index === 0)
    return `CREATE TABLE migration (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE setting (name text PRIMARY KEY, value integer NOT NULL);\n${log}`;
  switch (index % 5) {
    case 0:
      return `CREATE OR REPLACE VIEW latest AS SELECT max(id) AS id FROM migration WHERE id <= ${index};\n${log}`;
    case 1:
      return `INSERT INTO setting VALUES ('step ${index}', ${index});\n${log}`;
    case 2:
      return `ALTER TABLE setting ADD COLUMN note_${index} text;\n${log}`;
    case 3:
      return `UPDATE setting SET value = value + 1 WHERE name = 'step ${index - 2}';\n${log}`;
    default:
      return `CREATE OR REPLACE FUNCTION step() RETURNS integer LANGUAGE sql AS 'SELECT ${index}';\n${log}`;
  }
}
