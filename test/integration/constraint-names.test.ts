import { describe, expect, it } from 'vitest';
import { planned, waits } from '../unit/plan/accesses/planned.js';
import { openedClient, SERVERS } from './each-server.js';

const LONG = 'o'.repeat(60);

/** Constraints without a name. */
const DEFINITIONS = [
  'CREATE TABLE named (a int CHECK (a > 0), b int)',
  'CREATE TABLE named (a int CHECK (b > 0), b int)',
  'CREATE TABLE named (a int CHECK (a > b), b int CHECK (true))',
  'CREATE TABLE named (a int, b int, CHECK (named.a + a > abs(a)), CHECK (a > b))',
  'CREATE TABLE named (named int, CHECK (named > 0), CHECK (named.named > 1))',
  'CREATE TABLE named (a int, CHECK (named IS NOT NULL))',
  'CREATE TABLE named (a int NOT NULL, b serial, c int GENERATED ALWAYS AS IDENTITY)',
  'CREATE TABLE named (a int, b int, "C d" int, PRIMARY KEY (a, "C d") INCLUDE (b))',
  'CREATE TABLE named (a int REFERENCES other, b int, c int, FOREIGN KEY (b, c) REFERENCES pair)',
  `CREATE TABLE named (${LONG} int PRIMARY KEY CHECK (${LONG} > 0) REFERENCES other)`,
  `CREATE TABLE ${LONG} (${LONG} int PRIMARY KEY CHECK (${LONG} > 0) REFERENCES other)`,
  `CREATE TABLE ${LONG} (a int NOT NULL, CHECK (a > 0), b int, CHECK (a > b))`,
  'CREATE DOMAIN named AS int NOT NULL CHECK (VALUE > 0)',
] as const;

const OTHERS =
  'CREATE TABLE other (id int PRIMARY KEY); CREATE TABLE pair (a int, b int, PRIMARY KEY (a, b));';

describe.each(SERVERS)('names of constraints on the %s server', (kind) => {
  const client = openedClient(kind);

  it.for(DEFINITIONS)('are known: %s', async (definition, { skip }) => {
    const taken = await chosen(definition, []);
    skip(kind === 'system' && taken.length === 0, 'PostgreSQL 18 brought names of NOT NULL');
    expect(taken.length).toBeGreaterThan(0);
    for (const name of taken) {
      await expectWait(definition, name);
      // And when it is taken, so is the next one.
      const [next = ''] = (await chosen(definition, [name])).filter((one) => !taken.includes(one));
      expect(next).not.toBe('');
      await expectWait(definition, next);
    }
  });

  /** Names of its constraints but those of keys, which are those of indexes. */
  async function chosen(definition: string, before: readonly string[]): Promise<readonly string[]> {
    await client().query('BEGIN; CREATE SCHEMA s; SET LOCAL search_path = s');
    try {
      await client().query(OTHERS + before.map(tableWith).join(''));
      const has = `SELECT conname::text AS name FROM pg_constraint
        WHERE connamespace = 's'::regnamespace AND contype IN ('c', 'f', 'n') ORDER BY conname`;
      const known = await client().query<{ name: string }>(has);
      const names = new Set(known.rows.map(({ name }) => name));
      await client().query(definition);
      const all = await client().query<{ name: string }>(has);
      return all.rows.flatMap(({ name }) => (names.has(name) ? [] : [name]));
    } finally {
      await client().query('ROLLBACK');
    }
  }
});

function tableWith(constraint: string): string {
  return `CREATE TABLE taken (x int, CONSTRAINT "${constraint}" CHECK (x > 0));`;
}

/** Whoever takes the name comes before who chooses it; another name is no matter. */
async function expectWait(definition: string, name: string): Promise<void> {
  const plan = async (constraint: string): Promise<boolean> => {
    const text = `${OTHERS}\n-- pqrun: label=one\n${tableWith(constraint)}\n-- pqrun: label=two\n${definition};`;
    return waits(await planned(text), 'two', 'one');
  };
  expect([name, await plan(name), await plan(`x${name.slice(1)}`)]).toEqual([name, true, false]);
}
