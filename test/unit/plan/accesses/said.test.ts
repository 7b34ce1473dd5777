import { expect, it } from 'vitest';
import { planned, waits } from './planned.js';

/** `reads=` and `writes=`: what is said of a statement takes the place of what cannot be seen. */

const TABLES = `
CREATE TABLE a (n int);
CREATE TABLE b (n int);
CREATE TABLE "My Table" (n int);
CREATE VIEW v AS SELECT n FROM a;
CREATE SEQUENCE s;
`;
const OPAQUE = `DO $$ BEGIN EXECUTE 'SELECT ' || 1; END $$;`;
const OTHERS = `
-- pqrun: label=reads-a
SELECT * FROM a;
-- pqrun: label=adds-a
INSERT INTO a VALUES (1);
-- pqrun: label=reads-b
SELECT * FROM b;
-- pqrun: label=reads-quoted
SELECT * FROM "My Table";
-- pqrun: label=draws
SELECT nextval('s');
`;

async function waiting(said: string): Promise<readonly string[]> {
  const plan = await planned(`${TABLES}-- pqrun: label=said ${said}\n${OPAQUE}${OTHERS}`);
  expect(plan.jobs.filter(({ alone }) => alone !== undefined)).toEqual([]);
  return ['reads-a', 'adds-a', 'reads-b', 'reads-quoted', 'draws'].filter((name) =>
    waits(plan, name, 'said'),
  );
}

it.each([
  ['reads=none', []],
  ['writes=none', []],
  ['reads=a', ['adds-a']],
  ['reads=v', ['adds-a']],
  ['reads=public.a,B', ['adds-a']],
  ['writes=a', ['reads-a', 'adds-a']],
  ['writes=b', ['reads-b']],
  ['reads=a writes=b', ['adds-a', 'reads-b']],
  [`writes='b,"My Table"'`, ['reads-b', 'reads-quoted']],
  ['writes=s', ['draws']],
])('%s: only what touches the same waits', async (said, others) => {
  expect(await waiting(said)).toEqual(others);
});

it('without it, it runs alone and says what would help', async () => {
  const { jobs } = await planned(`${TABLES}-- pqrun: label=it\n${OPAQUE}`);
  const alone = jobs.find(({ name }) => name === 'it')?.alone;
  expect(alone?.isOpaque).toBe(true);
  expect(alone?.remedy).toContain('reads=… writes=…');
});

it('follows what is said: views that are changed to their tables, foreign keys to theirs', async () => {
  const plan = await planned(`
    CREATE TABLE parent (id int PRIMARY KEY);
    CREATE TABLE child (id int REFERENCES parent ON DELETE CASCADE);
    -- pqrun: label=said writes=parent
    ${OPAQUE}
    -- pqrun: label=counts
    SELECT count(*) FROM child;`);
  expect(waits(plan, 'counts', 'said')).toBe(true);
});

it('a name that is not there yet keeps the order of those who say it, and of who makes it', async () => {
  const plan = await planned(`
    -- pqrun: label=first writes=later
    ${OPAQUE}
    -- pqrun: label=second reads=later
    ${OPAQUE}
    -- pqrun: label=made
    CREATE TABLE later (n int);`);
  expect(waits(plan, 'second', 'first')).toBe(true);
  expect(waits(plan, 'made', 'second')).toBe(true);
});

it('does not hide what can be seen', async () => {
  const plan = await planned(`${TABLES}-- pqrun: label=said reads=none\nUPDATE a SET n = 2;${OTHERS}`);
  expect(waits(plan, 'reads-a', 'said')).toBe(true);
});

it('cannot name tables along a search_path that nobody knows', async () => {
  const alone = async (said: string): Promise<boolean> => {
    const { jobs } = await planned(`${TABLES}SELECT set_config('search_path', current_user, false);
      -- pqrun: ${said}\n${OPAQUE}`);
    return jobs.some(({ steps, alone: barrier }) => steps.length > 0 && barrier !== undefined);
  };
  expect(await alone('reads=a')).toBe(true);
  expect(await alone('reads=public.a')).toBe(false);
});
