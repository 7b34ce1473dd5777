import fc from 'fast-check';
import pg from 'pg';
import { expect } from 'vitest';
import { renderTemplate } from '../../src/script/template.js';
import { test } from '../database.js';
import { planned } from '../unit/plan/accesses/planned.js';

/** `--auto-split`: the rows of the pieces are the rows of the whole, and have its types. */

const TABLES = `
CREATE TABLE whole (value bigint, type text, other text, n int DEFAULT 7);
CREATE TABLE other (a bigint, b text);
INSERT INTO other SELECT n, 'x' || n FROM generate_series(1, 5) AS n;
`;

/** Near zero, and where the type of a series changes. */
const START = fc
  .constantFrom(0, -12_000, 2 ** 31 - 12_000, -(2 ** 31) - 6000, 2 ** 31 + 5, Number.MIN_SAFE_INTEGER)
  .chain((near) => fc.integer({ min: 0, max: 3000 }).map((away) => near + away));
const COUNT = fc.integer({ min: 10_000, max: 14_000 });
const EXPRESSION = fc.constantFrom(
  'md5(g::text)',
  'upper(left(md5(g::text), 3)) || $q$(1, 2)$q$',
  "CASE WHEN g % 3 = 0 THEN 'é' ELSE to_char(g, '999') END",
  'coalesce(nullif(g % 5, 0)::text, NULL)',
  '(ARRAY[g, g + 0])[2]::text',
  'unnest(ARRAY[g::text, NULL])',
  "format('%s %s', g, g.*)",
);
const REST = fc.constantFrom(
  '',
  'WHERE g % 7 = 1',
  'WHERE g BETWEEN 0 AND 20000 ORDER BY 2, g DESC',
  ', other AS o WHERE o.a = g % 6',
  'CROSS JOIN other AS o',
  'JOIN other AS o ON o.a = abs(g % 6)',
);
const CAST = fc.constantFrom('?', 'CAST(? AS bigint)', '(?)::bigint');

test(
  'the pieces give the rows of the whole, whatever its bounds',
  { timeout: 240_000 },
  async ({ database }) => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(TABLES);
    const rowsAfter = async (statements: readonly string[]): Promise<unknown> => {
      await client.query('TRUNCATE whole');
      for (const statement of statements) await client.query(statement);
      const { rows } =
        await client.query<object>(`SELECT count(*)::int AS count, count(DISTINCT type)::int AS types,
      md5(string_agg(w::text, ',' ORDER BY w::text COLLATE "C")) AS md5 FROM whole AS w`);
      return rows;
    };
    const property = fc.asyncProperty(
      fc.record({ from: START, count: COUNT, expression: EXPRESSION, rest: REST, cast: CAST }),
      fc.integer({ min: 2, max: 7 }),
      async ({ from, count, expression, rest, cast }, connections) => {
        const bounds = [from, from + count - 1].map((bound) => cast.replace('?', String(bound)));
        const series = `generate_series(${bounds.join(', ')})`;
        const whole = `INSERT INTO whole (value, type, other) SELECT g, pg_typeof(g), ${expression} FROM ${series} AS g ${rest}`;
        const { jobs } = await planned(`${TABLES}${whole}`, { autoSplit: true, connections });
        const pieces = jobs.flatMap(({ piece, steps: [step] }) =>
          piece === undefined || step === undefined
            ? []
            : renderTemplate(step.statement.text, step.values).text,
        );
        expect(pieces).toHaveLength(connections);
        expect(await rowsAfter(pieces)).toEqual(await rowsAfter([whole]));
      },
    );
    try {
      await fc.assert(property, { numRuns: 40 });
    } finally {
      await client.end();
    }
  },
);
