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

/**
 * What builds are made of: subject areas of 36 statements, whose kinds are a tenth of those of sql-samples/build-db, rounded
 * (42 CREATE TABLE, 41 ALTER TABLE, 36 CREATE TABLE AS, 33 INSERT, 32 CREATE INDEX, 27 COMMENT, 21 GRANT, 20 CREATE FUNCTION,
 * 17 enums, 17 views, 16 triggers, 16 UPDATE, 11 schemas, 9 ANALYZE, 8 TRUNCATE). Its 9 COPY are left out: their data are no
 * statements.
 */
function mixed(statements: number): string {
  const texts: string[] = [];
  for (let area = 0; texts.length < statements; area += 1) texts.push(...areaOf(area));
  return `${texts.slice(0, statements).join(';\n')};\n`;
}

function areaOf(area: number): readonly string[] {
  const [own, other] = [`area_${area}`, `area_${Math.floor(area / 2)}`];
  return [
    `CREATE SCHEMA ${own}`,
    `CREATE TYPE ${own}.state AS ENUM ('new', 'paid', 'sent')`,
    `CREATE TYPE ${own}.kind AS ENUM ('private', 'trade')`,
    `CREATE TABLE ${own}.customer (id integer NOT NULL, name text NOT NULL, kind ${own}.kind NOT NULL DEFAULT 'private')`,
    `CREATE TABLE ${own}.product (id integer PRIMARY KEY, name text NOT NULL, price numeric(10, 2) NOT NULL CHECK (price >= 0))`,
    `CREATE TABLE ${own}.sale (id integer PRIMARY KEY, customer_id integer, product_id integer, state ${own}.state, amount integer, sold date)`,
    `CREATE TABLE ${own}.log (at timestamptz NOT NULL DEFAULT now(), what text NOT NULL)`,
    `CREATE FUNCTION ${own}.total(n integer) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT sum(amount) FROM ${own}.sale WHERE customer_id = n'`,
    `CREATE FUNCTION ${own}.noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ${own}.log (what) VALUES (TG_OP); RETURN NULL; END $$`,
    `INSERT INTO ${own}.customer (id, name) VALUES (1, 'first of ${area}'), (2, 'it''s the second')`,
    `INSERT INTO ${own}.product SELECT n, 'product ' || n, n % 100 FROM generate_series(1, 1000) AS n`,
    `INSERT INTO ${own}.sale SELECT n, 1 + n % 2, 1 + n % 1000, 'new', n % 7, date '2024-01-01' + n % 365 FROM generate_series(1, 5000) AS n`,
    `ALTER TABLE ${own}.customer ADD PRIMARY KEY (id)`,
    `ALTER TABLE ${own}.sale ADD CONSTRAINT sale_customer FOREIGN KEY (customer_id) REFERENCES ${own}.customer (id)`,
    `ALTER TABLE ${own}.sale ADD CONSTRAINT sale_product FOREIGN KEY (product_id) REFERENCES ${own}.product (id)`,
    `ALTER TABLE ${own}.sale ALTER COLUMN amount SET NOT NULL`,
    `CREATE INDEX sale_customer_idx ON ${own}.sale (customer_id)`,
    `CREATE INDEX ON ${own}.sale (product_id, sold)`,
    `CREATE INDEX ON ${own}.customer (lower(name))`,
    `CREATE TRIGGER noted AFTER UPDATE ON ${own}.product FOR EACH STATEMENT EXECUTE FUNCTION ${own}.noted()`,
    `CREATE TRIGGER noted AFTER UPDATE ON ${own}.customer FOR EACH ROW EXECUTE FUNCTION ${own}.noted()`,
    `UPDATE ${own}.product SET price = price * 1.1 WHERE id % 3 = ${area % 3}`,
    `UPDATE ${own}.sale SET state = 'paid' WHERE sold < date '2024-06-01'`,
    `CREATE TABLE ${own}.by_month AS SELECT date_trunc('month', sold) AS month, sum(amount) AS amount FROM ${own}.sale GROUP BY 1`,
    `CREATE TABLE ${own}.by_customer AS SELECT c.id, c.name, sum(s.amount) AS amount FROM ${own}.sale AS s JOIN ${own}.customer AS c ON c.id = s.customer_id GROUP BY c.id`,
    `CREATE TABLE ${own}.by_product AS SELECT p.name, count(*) AS sales FROM ${own}.sale AS s JOIN ${own}.product AS p ON p.id = s.product_id GROUP BY p.name`,
    `CREATE TABLE ${own}.best AS SELECT name, sales FROM ${own}.by_product ORDER BY sales DESC LIMIT 10`,
    `CREATE VIEW ${own}.open_sale AS SELECT s.id, c.name, ${own}.total(c.id) AS total FROM ${own}.sale AS s JOIN ${own}.customer AS c ON c.id = s.customer_id WHERE s.state = 'new'`,
    `CREATE VIEW ${own}.compared AS SELECT a.month, a.amount, b.amount AS other FROM ${own}.by_month AS a JOIN ${other}.by_month AS b USING (month)`,
    `COMMENT ON TABLE ${own}.sale IS 'what area ${area} sold'`,
    `COMMENT ON COLUMN ${own}.sale.amount IS 'pieces'`,
    `COMMENT ON VIEW ${own}.open_sale IS 'not paid yet'`,
    `GRANT USAGE ON SCHEMA ${own} TO PUBLIC`,
    `GRANT SELECT ON ${own}.compared TO PUBLIC`,
    `TRUNCATE ${own}.log`,
    `ANALYZE ${own}.sale`,
  ];
}
