import { describe, expect, it } from 'vitest';
import { planned } from '../accesses/planned.js';

/** What goes over all rows of a table weighs by what the plan has brought into it. */

const ROWS = 20_000;
const data = (rows: number): string => `${'some words\t1\n'.repeat(rows)}\\.\n`;
const TABLES = `CREATE TABLE a (t text, n int);
CREATE TABLE b (t text, n int);
COPY a FROM stdin;
${data(ROWS)}COPY b FROM stdin;
${data(ROWS * 4)}`;

/** Weights of the jobs whose statements begin so. */
async function weights(text: string, beginning: string): Promise<readonly number[]> {
  const { jobs } = await planned(text);
  return jobs.flatMap(({ steps: [step], weight }) => {
    const [part] = step?.statement.text ?? [];
    return part?.kind !== 'slot' && part?.text.startsWith(beginning) === true ? [weight] : [];
  });
}

describe('what is brought into a table', () => {
  it('weighs by its bytes', async () => {
    const [a = 0, b = 0] = await weights(TABLES, 'COPY');
    expect(a).toBeGreaterThan(1);
    expect((b - 1) / (a - 1)).toBeCloseTo(4);
  });

  it.each([
    ['an index', 'CREATE INDEX ON a (n);\nCREATE INDEX ON b (n);', 'CREATE INDEX'],
    [
      'a constraint',
      'ALTER TABLE a ADD PRIMARY KEY (n);\nALTER TABLE b ADD CONSTRAINT c CHECK (n > 0);',
      'ALTER TABLE',
    ],
  ])('is what %s of it weighs', async (_what, statements, beginning) => {
    const [a = 0, b = 0] = await weights(`${TABLES}${statements}`, beginning);
    expect(a).toBeGreaterThan(1);
    expect((b - 1) / (a - 1)).toBeCloseTo(4);
  });

  it('is told of a split by its rows', async () => {
    const split =
      'CREATE TABLE a (n int);\n-- pqrun: split rows=1000000 into=4\nINSERT INTO a SELECT 1 FROM generate_series(:lo, :hi);\n';
    const [index = 0] = await weights(`${split}CREATE INDEX ON a (n);`, 'CREATE INDEX');
    expect(index).toBeGreaterThan(100);
  });

  it.each([
    ['an owner', 'ALTER TABLE b OWNER TO CURRENT_USER;', 'ALTER TABLE'],
    ['a comment', "COMMENT ON TABLE b IS 'one';", 'COMMENT'],
    ['an index of another table', 'CREATE TABLE d (n int);\nCREATE INDEX ON d (n);', 'CREATE INDEX'],
  ])('is nothing to %s', async (_what, statements, beginning) => {
    expect(await weights(`${TABLES}${statements}`, beginning)).toEqual([1]);
  });
});
