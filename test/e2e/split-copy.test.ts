import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { RunEvent } from 'pqrun';
import { test } from './psql.js';
import type { TestDatabase } from '../database.js';
import type { Workplace } from './pqrun.js';

/** One COPY over several connections: `--split-copy`. */

const TABLE = 'CREATE TABLE public.t (id bigint NOT NULL, v text, n numeric);\n';
const PLAIN = (id: number): string => `${id}\t${'v'.repeat(80)}${id}\t${id / 4}`;
/** Lines that end in a backslash go on in the next one; `\\\\` at the end of a line does not. */
const AWKWARD = (id: number): string => {
  switch (id % 5) {
    case 0:
      return `${id}\tfirst ${id}\\\nsecond ${'x'.repeat(60)}\\\n\\\nfourth\t\\N`;
    case 1:
      return `${id}\tends in a backslash ${'x'.repeat(60)}\\\\\t\\N`;
    case 2:
      return `${id}\t\\N\t\\N`;
    case 3:
      return `${id}\t${'\\\\'.repeat(40)}\\\n\\\\\\\n${'x'.repeat(40)}\t1.5`;
    default:
      return `${id}\t\\\\.\\t\\b\\x41 ${'é'.repeat(40)}\t-1`;
  }
};

function rowsOf(count: number, row: (id: number) => string): string {
  return Array.from({ length: count }, (_, index) => row(index + 1)).join('\n');
}

function copyOf(data: string): string {
  return `COPY public.t (id, v, n) FROM stdin;\n${data}\n\\.\n`;
}

const BIG = 200_000;
const BEHIND =
  'ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);\nSELECT count(*) FROM public.t;\n';

const FINGERPRINT = `SELECT count(*)::int AS count, sum(id)::text AS ids, sum(n)::text AS numbers,
  md5(string_agg(md5(t::text), '' ORDER BY id)) AS md5 FROM t`;

/** The pieces that the plan makes of a COPY; 1: it is not split. */
async function piecesOf(work: Workplace, args: readonly string[]): Promise<number> {
  const { stdout, stderr, status } = await work.pqrun(['plan', '--format', 'json', ...args]);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  // `pqrun plan --format json` prints this.
  const { jobs } = JSON.parse(stdout) as { jobs: readonly { name: string }[] };
  return Math.max(1, jobs.filter(({ name }) => /\[\d+\/\d+\]/.test(name)).length);
}

function eventsOf(work: Workplace): readonly RunEvent[] {
  const lines = readFileSync(join(work.directory, 'events'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

async function fingerprint(database: TestDatabase): Promise<unknown> {
  return database.query(FINGERPRINT);
}

describe('a dump of 20 MB', () => {
  for (const [what, row, ending] of [
    ['of plain rows', PLAIN, '\n'],
    ['of rows with line feeds and backslashes', AWKWARD, '\n'],
    ['with CRLF', PLAIN, '\r\n'],
  ] as const) {
    test(`${what} is loaded by four connections, as psql loads it by one`, async ({
      work,
      database,
      psqlPlace,
    }) => {
      const script = `${TABLE}${copyOf(rowsOf(BIG, row))}${BEHIND}`.replaceAll('\n', ending);
      work.write({ 'dump.sql': script });
      writeFileSync(join(psqlPlace.directory, 'dump.sql'), script);
      expect(await piecesOf(work, ['-j', '4', 'dump.sql'])).toBe(4);
      const { status, stderr, stdout } = await work.pqrun(['-j', '4', 'dump.sql', '--events', 'events']);
      expect({ status, stderr }).toMatchObject({ status: 0 });
      expect(stdout).toContain(String(BIG));
      const started = eventsOf(work).filter((event) => event.type === 'job-started');
      expect(started.filter(({ name }) => / \[\d\/4\]$/.test(name))).toHaveLength(4);
      expect(new Set(started.map(({ connection }) => connection)).size).toBeGreaterThan(1);
      expect(await psqlPlace.psql(['-f', 'dump.sql'])).toMatchObject({ status: 0 });
      expect(await fingerprint(database)).toEqual(await fingerprint(psqlPlace.database));
    });
  }
});

describe('rows are loaded by one connection', () => {
  const data = rowsOf(BIG / 2, PLAIN);
  const copy = copyOf(data);
  const bare = `${TABLE}${copy}`;
  const cases: Readonly<Record<string, readonly [string, ...string[]]>> = {
    'that draw a serial value': [`CREATE TABLE public.t (s serial, id bigint, v text, n numeric);\n${copy}`],
    'that draw an identity': [
      `CREATE TABLE public.t (s int GENERATED ALWAYS AS IDENTITY, id bigint, v text, n numeric);\n${copy}`,
    ],
    'that a trigger sees': [
      `${TABLE}CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER g BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION f();\n${copy}`,
    ],
    'that a foreign key sees': [
      `CREATE TABLE public.p (id bigint PRIMARY KEY);\n${TABLE}ALTER TABLE public.t ADD FOREIGN KEY (id) REFERENCES public.p;\n${copy}`,
    ],
    'of a table that the run did not make': [copy],
    'in a block': [`BEGIN;\n${bare}COMMIT;\n`],
    'with -1': [bare, '-1'],
    'with --split-copy never': [bare, '--split-copy', 'never'],
    'with one connection': [bare, '-j', '1'],
    'in CSV': [
      `${TABLE}COPY public.t FROM stdin WITH (FORMAT csv, DELIMITER E'\\t');\n${data}\n\\.\n`,
      '--split-copy',
      'always',
    ],
    'too few to be worth it': [`${TABLE}${copyOf(rowsOf(1000, PLAIN))}`],
  };
  for (const [what, [script, ...args]] of Object.entries(cases)) {
    test(what, async ({ work }) => {
      work.write({ 'dump.sql': script });
      expect(await piecesOf(work, ['-j', '4', ...args, 'dump.sql'])).toBe(1);
    });
  }
});

describe('--split-copy always', () => {
  test('splits what is small, and tables that the run did not make', async ({ work, database }) => {
    await database.query(TABLE);
    work.write({ 'a.sql': copyOf(rowsOf(30_000, AWKWARD)) });
    const args = ['-j', '3', '--split-copy', 'always', 'a.sql'];
    expect(await piecesOf(work, args)).toBe(3);
    expect((await work.pqrun(args)).status).toBe(0);
    const [row] = await database.query('SELECT count(*)::int AS n, sum(id)::text AS ids FROM t');
    expect(row).toEqual({ n: 30_000, ids: String((30_000 * 30_001) / 2) });
  });

  test('still leaves blocks, -1 and CSV alone', async ({ work }) => {
    const copy = copyOf(rowsOf(30_000, PLAIN));
    work.write({ 'block.sql': `BEGIN;\n${copy}COMMIT;\n`, 'plain.sql': copy });
    const always = ['-j', '3', '--split-copy', 'always'];
    expect(await piecesOf(work, [...always, 'block.sql'])).toBe(1);
    expect(await piecesOf(work, [...always, '-1', 'plain.sql'])).toBe(1);
  });
});

test('a wrong row is named by its line, with the lines that are not in; the other pieces are', async ({
  work,
  database,
}) => {
  const rows = rowsOf(BIG, PLAIN).split('\n');
  rows[BIG / 2 + 1000] = 'wrong\tx\t1';
  work.write({ 'dump.sql': `${TABLE}${copyOf(rows.join('\n'))}${BEHIND}` });
  const { status, stderr } = await work.pqrun(['-j', '4', 'dump.sql', '-k']);
  expect(status).toBe(3);
  // Two lines stand before the data.
  const line = BIG / 2 + 1000 + 3;
  expect(stderr).toContain(`dump.sql:${line}:1: ERROR:  invalid input syntax for type bigint: "wrong"`);
  const lines = /none of its rows is in \(lines (\d+) to (\d+) of the file\)/.exec(stderr) ?? [];
  const [from = 0, to = 0] = lines.slice(1).map(Number);
  expect(from).toBeLessThanOrEqual(line);
  expect(to).toBeGreaterThanOrEqual(line);
  const [row] = await database.query('SELECT count(*)::int AS n FROM t');
  expect(row).toEqual({ n: BIG - (to - from + 1) });
});
