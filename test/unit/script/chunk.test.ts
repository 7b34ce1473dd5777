import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TABLE_SLOT } from '../../../src/model/axis.js';
import { isChunkSplit, type WalkedTable } from '../../../src/model/script.js';
import { DEFAULT_READING, readScripts } from '../../../src/script/read.js';
import { loadParser } from '../../../src/script/syntax.js';
import { renderTemplate } from '../../../src/script/template.js';

/** What is said of a statement that is split over a table, and what is found of it. */

interface Read {
  readonly walked: WalkedTable | undefined;
  readonly faults: readonly string[];
}

async function read(directive: string, sql: string): Promise<Read> {
  const bytes = new TextEncoder().encode(`-- pqrun: split ${directive}\n${sql};\n`);
  const scripts = await readScripts([{ name: 'a.sql', bytes }], DEFAULT_READING);
  const found = scripts.ok ? scripts.warnings : scripts.diagnostics;
  const split = scripts.ok ? scripts.value[0]?.statements[0]?.directives.split : undefined;
  return {
    walked: isChunkSplit(split) ? split.walked : undefined,
    faults: found.map(({ message }) => message),
  };
}

/** What the words alone say: the statement has its own faults. */
async function splitOf(directive: string): Promise<{ readonly split: unknown }> {
  const [, table = ''] = /(?:range=|blocks=)('(?:[^']|'')*'|\S+)/.exec(directive) ?? [];
  const name = table.replace(/^'(.*)'$/, '$1');
  const relation = directive.startsWith('range') ? name.replace(/\.(?:\([^)]*\)|"[^"]*"|[^."]+)$/, '') : name;
  const bytes = new TextEncoder().encode(
    `-- pqrun: split ${directive}\nDELETE FROM ${relation} WHERE :chunk;\n`,
  );
  const scripts = await readScripts([{ name: 'a.sql', bytes }], DEFAULT_READING);
  if (!scripts.ok) throw new Error(scripts.diagnostics.map(({ message }) => message).join('; '));
  return { split: scripts.value[0]?.statements[0]?.directives.split };
}

describe('the words of a split over a table', () => {
  it.each([
    ['range=t.id', { name: 't' }, ['id']],
    ['range=S.T.Id into=4', { schema: 's', name: 't' }, ['id']],
    ['range=t.(a,b) size=1000', { name: 't' }, ['a', 'b']],
    [`range='"My Table"."I,d"' time=2s`, { name: 'My Table' }, ['I,d']],
    [`range='t.("A,1", b)'`, { name: 't' }, ['A,1', 'b']],
    ['blocks=s.t time=500ms', { schema: 's', name: 't' }, []],
    ['blocks=t over=partitions', { name: 't' }, []],
  ])('%s', async (directive, table, columns) => {
    const { split } = await splitOf(directive);
    expect(split).toMatchObject({ table, columns });
  });

  it.each([
    ['range=id', /range= takes a column of a table/],
    ['range=a.b.c.d', /range= takes a column of a table/],
    ['blocks=a.b.c', /blocks= takes a table/],
    ['range=t.id into=2 size=3', /into= and size= both say how many pieces there are/],
    ['range=t.id time=fast', /time= takes a time/],
    ['rows=10 time=2s', /time= belongs to split range= or blocks=/],
    ['rows=10 over=partitions', /over=partitions belongs to split range= or blocks=/],
    ['blocks=t over=partitions into=3', /into= and over=partitions both say/],
    ['range=t.id blocks=t', /range= and blocks= both say what the pieces are/],
    ['range=t.id bind', /bind belongs to/],
    ['range=t.id weight=n', /weight= belongs to/],
    ['values=a,b weight=n', /weight=n names no column of the records/],
  ])('%s is a fault', async (directive, message) => {
    const { faults } = await read(directive, 'DELETE FROM t WHERE :chunk');
    expect(faults.join('\n')).toMatch(message);
  });
});

/** Fine; with the alias that is found. */
const FINE: readonly (readonly [directive: string, sql: string, alias: string])[] = [
  ['range=t.id', 'UPDATE t SET v = 1 WHERE :chunk', 't'],
  ['range=t.id', 'UPDATE t SET v = 1 WHERE a > 1 AND (b OR c) AND :chunk AND d', 't'],
  ['range=t.id', 'UPDATE s.t AS x SET v = 1 WHERE :chunk', 'x'],
  ['range=x.id', 'UPDATE s.t AS x SET v = 1 WHERE :chunk', 'x'],
  ['range=s.t.id', 'DELETE FROM t WHERE :chunk', 't'],
  ['range=t.id', 'INSERT INTO n SELECT * FROM t WHERE :chunk', 't'],
  ['range=t.id', 'INSERT INTO n SELECT * FROM t JOIN u ON t.id = u.id AND :chunk', 't'],
  ['range=t.id', 'INSERT INTO n SELECT * FROM t LEFT JOIN u ON t.id = u.id WHERE :chunk', 't'],
  ['range=t.id', 'INSERT INTO n SELECT * FROM (SELECT * FROM t WHERE :chunk) AS x JOIN u USING (id)', 't'],
  ['range=t.id', 'WITH x AS (SELECT * FROM t WHERE :chunk) INSERT INTO n SELECT * FROM x', 't'],
  [
    'range=t.id',
    'WITH gone AS (DELETE FROM t WHERE :chunk RETURNING *) INSERT INTO n SELECT * FROM gone',
    't',
  ],
  ['range=t.id', 'COPY (SELECT * FROM t WHERE :chunk) TO STDOUT', 't'],
  ['range=t.day', 'INSERT INTO n SELECT day, sum(x) FROM t WHERE :chunk GROUP BY day', 't'],
  ['range=a.id', 'SELECT * FROM t AS a JOIN t AS b ON a.id = b.parent WHERE :chunk', 'a'],
  [
    'range=t.id',
    'MERGE INTO n USING (SELECT * FROM t WHERE :chunk) AS s ON n.id = s.id WHEN NOT MATCHED THEN INSERT VALUES (1)',
    't',
  ],
  ['blocks=t', 'DELETE FROM t WHERE :chunk', 't'],
  ['blocks=t', 'UPDATE t SET v = f(x) WHERE :chunk AND v IS NULL', 't'],
  ['blocks=t', 'UPDATE t SET v = f(x) WHERE v IS DISTINCT FROM f(x) AND :chunk', 't'],
  ['blocks=t', 'UPDATE t SET isdone = true WHERE NOT isdone AND :chunk', 't'],
  ['blocks=t', "UPDATE t SET state = 'new' WHERE t.state = 'old' AND :chunk", 't'],
];

const CTE: readonly (readonly [directive: string, sql: string, message: RegExp | undefined])[] = [
  [
    'range=t.id',
    'WITH w AS (SELECT id FROM t WHERE :chunk) DELETE FROM u WHERE id NOT IN (SELECT id FROM w)',
    /see only its own rows/,
  ],
  [
    'range=t.id',
    'WITH w AS (SELECT id FROM t WHERE :chunk) SELECT * FROM u LEFT JOIN w USING (id)',
    /see only its own rows/,
  ],
  [
    'range=t.id',
    'WITH w AS (SELECT id FROM t WHERE :chunk) SELECT * FROM w AS a JOIN w AS b USING (id)',
    /see only its own rows/,
  ],
  [
    'range=t.id',
    'WITH w AS (SELECT id FROM t WHERE :chunk) SELECT * FROM w LEFT JOIN u USING (id)',
    undefined,
  ],
  ['range=t.id', 'WITH t AS (SELECT * FROM t WHERE :chunk) SELECT * FROM t', /see only its own rows/],
  [
    'range=t.id',
    'WITH w AS (DELETE FROM t WHERE :chunk) UPDATE counters SET n = n + 1',
    /see only its own rows/,
  ],
  [
    'range=t.id',
    'WITH l AS (INSERT INTO log VALUES (1)) DELETE FROM t WHERE :chunk',
    /each piece would do it again/,
  ],
  ['range=t.id', 'WITH l AS (SELECT 1 AS x) DELETE FROM t USING l WHERE :chunk', undefined],
  [
    'range=t.n',
    'WITH w AS (SELECT id FROM t WHERE :chunk) UPDATE t SET n = n + 100 FROM w WHERE t.id = w.id',
    /a row that gets another n/,
  ],
  [
    'blocks=t',
    'WITH w AS (SELECT id FROM t WHERE :chunk) UPDATE t SET n = n + 100 FROM w WHERE t.id = w.id',
    /moves to another block/,
  ],
  [
    'range=t.id',
    'MERGE INTO u USING (SELECT * FROM t WHERE :chunk) s ON u.id = s.id WHEN NOT MATCHED BY SOURCE THEN DELETE',
    /NOT MATCHED BY SOURCE would meet/,
  ],
  ['blocks=t', 'UPDATE t SET c = 1 FROM u WHERE :chunk AND u.c IS NULL', /moves to another block/],
  ['blocks=t', 'UPDATE t SET k = 1 FROM u WHERE :chunk AND t.k = u.k', /moves to another block/],
  ['blocks=t', 'UPDATE t SET c = NULL WHERE :chunk AND c IS NULL', /moves to another block/],
  ['blocks=t', 'SELECT 1 FROM ONLY (t) WHERE :chunk', /cannot be told apart/],
  ['blocks=t', 'SELECT 1 FROM U&"\\0074" WHERE :chunk', /cannot be told apart/],
  ['blocks=s.t', 'SELECT s.t.a FROM s.t WHERE :chunk', /named with its schema and table/],
];

const REFUSED: readonly (readonly [directive: string, sql: string, message: RegExp])[] = [
  ['range=t.id', 'DELETE FROM t', /each piece of this split would do the whole work again/],
  ['range=t.id', 'DELETE FROM t WHERE :chunk AND :chunk', /stands in this statement more than once/],
  ['range=t.id', 'DELETE FROM t WHERE :chunk OR old', /does not pick the rows of the statement here/],
  ['range=t.id', 'DELETE FROM t WHERE NOT :chunk', /does not pick the rows/],
  ['range=t.id', 'SELECT :chunk FROM t', /does not pick the rows/],
  ['range=t.id', 'SELECT count(*) FILTER (WHERE :chunk) FROM t', /does not pick the rows/],
  ['range=t.id', 'SELECT g, count(*) FROM t GROUP BY g HAVING :chunk', /does not pick the rows/],
  ['range=t.id', 'DELETE FROM n WHERE id IN (SELECT id FROM t WHERE :chunk)', /does not pick the rows/],
  ['range=t.id', 'SELECT * FROM n WHERE EXISTS (SELECT FROM t WHERE :chunk)', /does not pick the rows/],
  ['range=t.id', 'SELECT * FROM u LEFT JOIN t ON u.id = t.id WHERE :chunk', /side of an outer join/],
  ['range=t.id', 'SELECT * FROM t FULL JOIN u ON u.id = t.id WHERE :chunk', /side of an outer join/],
  ['range=t.id', 'SELECT * FROM t LEFT JOIN u ON u.id = t.id AND :chunk', /side of an outer join/],
  [
    'range=t.id',
    'SELECT * FROM u LEFT JOIN (SELECT * FROM t WHERE :chunk) AS x ON true',
    /side of an outer join/,
  ],
  ['range=t.id', 'SELECT * FROM t WHERE :chunk UNION ALL SELECT * FROM u', /other branches of the UNION/],
  [
    'range=t.id',
    'WITH RECURSIVE x AS (SELECT 1 AS id UNION ALL SELECT t.id FROM t JOIN x ON t.p = x.id AND :chunk) SELECT * FROM x',
    /recursive query/,
  ],
  [
    'range=t.id',
    'MERGE INTO n USING t ON n.id = t.id AND :chunk WHEN NOT MATCHED THEN INSERT VALUES (1)',
    /in the ON of a MERGE/,
  ],
  ['range=tab.id', 'DELETE FROM tap WHERE :chunk', /tab is not read where :chunk stands/],
  ['range=s.t.id', 'DELETE FROM r.t WHERE :chunk', /s\.t is not read where :chunk stands/],
  [
    'range=t.id',
    'SELECT * FROM t AS a JOIN t AS b ON a.id = b.parent WHERE :chunk',
    /t is read more than once/,
  ],
  ['range=t.id', 'WITH t AS (SELECT 1) SELECT * FROM t WHERE :chunk', /t is a WITH query here/],
  ['range=t.id', 'UPDATE t SET id = id + 1 WHERE :chunk', /a row that gets another id may be done again/],
  ['range=t.(a,b)', 'UPDATE t SET (c, b) = (1, 2) WHERE :chunk', /a row that gets another b/],
  ['blocks=t', 'UPDATE t SET v = 1 WHERE :chunk', /a row that is updated moves to another block/],
  ['blocks=t', 'UPDATE t SET v = 1 WHERE :chunk AND w IS NULL', /moves to another block/],
  [
    'blocks=t',
    'INSERT INTO t SELECT * FROM t WHERE :chunk',
    /adds to t stand in blocks that later pieces read/,
  ],
  ['range=t.id', 'CREATE TABLE n AS SELECT * FROM t WHERE :chunk', /cannot be split/],
];

const WARNED: readonly (readonly [directive: string, sql: string, message: RegExp])[] = [
  ['range=t.id', 'SELECT * FROM t WHERE :chunk LIMIT 5', /LIMIT or OFFSET of the query is of each piece/],
  ['range=t.id', 'SELECT count(*) FROM t WHERE :chunk', /the aggregate of the query is of each piece/],
  ['range=t.id', 'SELECT g, f(x) FROM t WHERE :chunk GROUP BY g', /what the query makes of a group/],
  ['range=t.id', 'SELECT DISTINCT g FROM t WHERE :chunk', /DISTINCT is of each piece/],
  ['range=t.id', 'SELECT row_number() OVER () FROM t WHERE :chunk', /the window function of the query/],
  ['range=t.id', 'SELECT count(*) FROM (SELECT * FROM t WHERE :chunk) AS x', /the aggregate of the query/],
  [
    'range=t.id',
    'INSERT INTO t SELECT * FROM t WHERE :chunk',
    /adds rows to t, which later pieces of it read/,
  ],
];

describe('the :chunk of a statement', () => {
  it.each(FINE)('%s: %s', async (directive, sql, alias) => {
    const { walked, faults } = await read(directive, sql);
    expect(faults).toEqual([]);
    expect(walked?.alias).toBe(alias);
  });

  it.each(REFUSED)('%s: %s is refused', async (directive, sql, message) => {
    const { walked, faults } = await read(directive, sql);
    expect(faults.join('\n')).toMatch(message);
    expect(walked).toBeUndefined();
  });

  it.each(CTE)('%s: %s', async (directive, sql, message) => {
    const { walked, faults } = await read(directive, sql);
    if (message === undefined) expect(faults).toEqual([]);
    else expect(faults.join('\n')).toMatch(message);
    expect(walked === undefined).toBe(message !== undefined);
  });

  it.each(WARNED)('%s: %s is warned of', async (directive, sql, message) => {
    const { walked, faults } = await read(directive, sql);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
    expect(walked).toBeDefined();
  });

  it.each([
    ['UPDATE n SET v = 1 FROM t WHERE n.k = t.k AND :chunk', 'two rows of t may change the same row of n'],
    ['DELETE FROM n USING t WHERE n.k = t.k AND :chunk', 'two rows of t may change the same row of n'],
    [
      'INSERT INTO n SELECT * FROM t WHERE :chunk ON CONFLICT (a) DO UPDATE SET b = 1',
      'two pieces may update the same row of n (ON CONFLICT)',
    ],
    [
      'MERGE INTO n USING (SELECT * FROM t WHERE :chunk) AS s ON n.id = s.id WHEN MATCHED THEN DELETE',
      'two rows of t may change the same row of n',
    ],
    ['INSERT INTO n SELECT * FROM t WHERE :chunk ON CONFLICT DO NOTHING', undefined],
    ['UPDATE t SET v = u.v FROM u WHERE t.k = u.k AND :chunk', undefined],
    ['WITH gone AS (DELETE FROM t WHERE :chunk RETURNING *) INSERT INTO n SELECT * FROM gone', undefined],
  ])('runs the pieces one after another where they may write the same row: %s', async (sql, reason) => {
    expect((await read('range=t.id', sql)).walked?.serial).toBe(reason);
  });
});

describe('the place of the table’s name', () => {
  const names = fc
    .array(fc.constantFrom('a', 'é', 'Z', '"', ' ', '.', '😀', '-', '*'), { minLength: 1, maxLength: 6 })
    .map((parts) => `"x${parts.join('').replaceAll('"', '""')}"`);
  const blanks = fc.constantFrom('', ' ', '\n', ' /* a . "b */ ', ' -- t\n ');

  it('takes another table, whatever its name and whatever stands around it', async () => {
    const parser = await loadParser();
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.option(names),
        blanks,
        fc.boolean(),
        async (name, schema, blank, hasAlias) => {
          const full = schema === null ? name : `${schema}${blank}.${blank}${name}`;
          const sql = `DELETE /* é😀 */ FROM ${full}${hasAlias ? ' AS y' : ''} WHERE job = :job AND /* é */ :chunk`;
          const { walked } = await read(`blocks=${hasAlias ? 'y' : `'${name.replaceAll("'", "''")}'`}`, sql);
          expect(walked?.needsAlias).toBe(!hasAlias);
          const values = { chunk: 'true', job: '1' };
          const whole = renderTemplate(walked?.template ?? [], { ...values, [TABLE_SLOT]: full }).text;
          expect(parser.parse(whole)).toEqual(
            parser.parse(sql.replace(':job', '1').replace(':chunk', 'true')),
          );
          const part = renderTemplate(walked?.template ?? [], { ...values, [TABLE_SLOT]: 'ONLY p' }).text;
          expect(part.replace('ONLY p', full)).toBe(whole);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes ONLY and * along', async () => {
    for (const table of ['ONLY t', 'only /* x */ t', 't *', 't']) {
      const { walked } = await read('blocks=t', `SELECT 1 FROM ${table} WHERE :chunk`);
      const text = renderTemplate(walked?.template ?? [], { chunk: 'true', [TABLE_SLOT]: 'ONLY p' }).text;
      expect(text).toBe('SELECT 1 FROM ONLY p WHERE true');
    }
  });
});
