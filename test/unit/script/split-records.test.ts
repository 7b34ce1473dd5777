import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPlan } from '../../../src/plan/build.js';
import { DEFAULT_READING, readScripts, type ReadOptions } from '../../../src/script/read.js';
import type { AnsweredRecords } from '../../../src/script/records/queries.js';
import { renderTemplate } from '../../../src/script/template.js';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import type { Plan } from '../../../src/model/plan.js';

/** Splits over records, from the directive to the jobs. */

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'pqrun-records-'));
  for (const [name, text] of Object.entries({
    'p.csv': 'id,name\n1,"a\'b"\n2,\n',
    'sub/p.csv': 'id,name\n3,c\n',
    'empty.csv': 'id,name\n',
    'tables.csv': 'tbl,expr\nt1,1 +\nt2,2\n',
    'bad.csv': 'id,name\n1\n',
    'names.csv': 'id,id,a b,\n1,2,3,4\n',
    'latin.csv': Buffer.from([0x61, 0x0a, 0xe9, 0x0a]),
    'zero.json': '[{"a":"\\u0000"}]',
    'p.json': '[{"id": 1, "name": null}]',
    'p.txt': 'x',
  })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Planned {
  readonly plan: Plan | undefined;
  readonly texts: readonly string[];
  readonly names: readonly string[];
  /** `file:line:column message`, without the directory. */
  readonly faults: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

async function planned(
  script: string,
  options: Partial<ReadOptions> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Planned> {
  const path = join(directory, 'a.sql');
  writeFileSync(path, script);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const read = await readScripts([{ name: path, path }], { ...DEFAULT_READING, ...options });
  const built = read.ok
    ? buildPlan(read.value, {
        order: 'sequential',
        connections: 3,
        singleTransaction: false,
        snapshot: false,
        splitCopy: 'auto',
        autoSplit: false,
      })
    : undefined;
  const plan = built?.ok === true ? built.value.plan : undefined;
  const diagnostics = [
    ...(read.ok ? read.warnings : read.diagnostics),
    ...(built === undefined ? [] : built.ok ? built.warnings : built.diagnostics),
  ];
  const own = (text: string): string => text.replaceAll(`${directory}/`, '');
  const jobs = plan?.jobs ?? [];
  return {
    plan,
    texts: jobs.flatMap(({ steps }) =>
      steps.map(({ statement, values }) => renderTemplate(statement.text, values).text),
    ),
    names: jobs.map(({ name }) => own(name)),
    faults: diagnostics.map(({ place, message }) =>
      own(place === undefined ? message : `${place.file}:${place.line}:${place.column} ${message}`),
    ),
    diagnostics,
  };
}

describe('split each=', () => {
  it('makes a job of each record, its columns being variables', async () => {
    const { texts, names, faults, plan } = await planned(
      `-- pqrun: split each=p.csv\nSELECT :id, :'name', :job, :jobs, :{?name}, :'other';`,
      { variables: new Map(Object.entries({ id: '99', other: 'o' })) },
    );
    expect(faults).toEqual([]);
    expect(texts).toEqual([`SELECT 1, 'a''b', 0, 2, TRUE, 'o'`, `SELECT 2, NULL, 1, 2, TRUE, 'o'`]);
    expect(names).toEqual(['a.sql:2 [1/2]', 'a.sql:2 [2/2]']);
    const file = join(directory, 'p.csv');
    expect(plan?.jobs.map(({ piece }) => piece)).toEqual([
      { index: 0, count: 2, unit: 'record', file, line: 2 },
      { index: 1, count: 2, unit: 'record', file, line: 3 },
    ]);
    expect(new Set(plan?.jobs.map(({ batch }) => batch))).toEqual(new Set(['0 0 0']));
  });

  it('begins at the directory of the file that names it, and takes a variable', async () => {
    const { texts, faults } = await planned(
      '\\ir sub/b.sql\n-- pqrun: split each=:f\nSELECT :id;',
      { variables: new Map([['f', 'p.json']]) },
      { 'sub/b.sql': '-- pqrun: split each=p.csv\nSELECT :id;\n' },
    );
    expect(faults).toEqual([]);
    expect(texts).toEqual(['SELECT 3', 'SELECT 1']);
  });

  it('tells what is wrong with the file where that stands', async () => {
    const faultsOf = async (file: string): Promise<readonly string[]> =>
      (await planned(`-- pqrun: split each=${file}\nSELECT :id;`)).faults;
    expect(await faultsOf('none.csv')).toEqual(['a.sql:1:17 cannot read none.csv: no such file']);
    expect(await faultsOf('p.txt')).toEqual(['a.sql:1:17 what p.txt holds is not known from its name']);
    expect(await faultsOf('bad.csv')).toEqual([
      'bad.csv:2:1 this record has 1 value, and the header 2 columns',
    ]);
    expect(await faultsOf('latin.csv')).toEqual(['latin.csv:2:1 this line is not UTF-8']);
    expect(await faultsOf('names.csv')).toEqual([
      'names.csv:1:1 two columns have the name “id”',
      'names.csv:1:1 “a b” cannot be the name of a column',
      'names.csv:1:1 a column has no name',
    ]);
    expect(await faultsOf('zero.json')).toEqual([
      'zero.json:1:1 a value of this record is no text that PostgreSQL takes: it has a zero byte, or half of a character',
    ]);
    const { diagnostics } = await planned('\n-- pqrun: split each=bad.csv\nSELECT :id;');
    expect(diagnostics[0]).toMatchObject({
      excerpt: { text: '1' },
      place: { from: { line: 2, column: 17 } },
    });
  });

  it('of no records runs nothing, says so, and keeps the order made by hand', async () => {
    const { plan, faults } = await planned(
      "-- pqrun: split each=empty.csv label=a\nSELEC :id, :'name';\n-- pqrun: after=a\nSELECT 1;",
    );
    expect(faults).toEqual(['a.sql:1:11 empty.csv has no records: the statement is not run']);
    expect(plan?.jobs.map(({ steps }) => steps.length)).toEqual([0, 1]);
    expect(plan?.edges).toContainEqual({ from: 0, to: 1, kind: 'needs', reason: 'after=a' });
  });

  it('takes values as they are written, whatever that makes of the statement', async () => {
    const { texts, faults, plan } = await planned('-- pqrun: split each=tables.csv\nSELECT :expr FROM :tbl;');
    expect(faults).toEqual([]);
    expect(texts).toEqual(['SELECT 1 + FROM t1', 'SELECT 2 FROM t2']);
    expect(plan?.jobs.map(({ batch }) => batch)).toEqual([undefined, undefined]);
  });

  it('keeps NULL apart from the words around it, and does not blame the statement for it', async () => {
    const { texts, faults } = await planned(
      `-- pqrun: split each=nulls.json\nSELECT:'d'AS d, date :'d';`,
      {},
      { 'nulls.json': '[{"d": null}, {"d": "2024-01-01"}]' },
    );
    expect(faults).toEqual([]);
    expect(texts).toEqual(['SELECT NULL AS d, date NULL', `SELECT'2024-01-01'AS d, date '2024-01-01'`]);
  });

  it('still tells what no record would make good', async () => {
    expect((await planned('-- pqrun: split each=tables.csv\nSELEC :expr FROM :tbl;')).faults).toEqual([
      'a.sql:2:1 syntax error at or near "SELEC"',
    ]);
    expect((await planned("-- pqrun: split each=p.csv\nSELECT :'name' FROM;")).faults).toEqual([
      'a.sql:2:20 syntax error at end of input',
    ]);
    expect((await planned('-- pqrun: split each=p.csv\nSELECT 1;')).faults).toEqual([
      'a.sql:1:11 this statement would do the same for each record, because it uses none of its columns',
    ]);
    expect((await planned('-- pqrun: split each=p.csv\nSELECT 1 FROM :"name";')).faults).toEqual([
      'a.sql:1:11 :"name" is NULL in record 2 (p.csv:3), which is the name of nothing',
    ]);
  });

  it('has no place in a block, or in a script that is read while it runs', async () => {
    expect((await planned('BEGIN;\n-- pqrun: split each=p.csv\nSELECT :id;\nCOMMIT;')).faults).toEqual([
      'a.sql:2:11 a split inside a transaction block cannot run on several connections',
    ]);
    expect((await planned('-- pqrun: split each=p.csv\nSELECT :id;\nSELECT 1 AS x \\gset\n')).faults).toEqual(
      ['a.sql:1:11 split each= cannot be used here, because what the script does depends on its results'],
    );
  });

  it('goes one after another in a script of one session', async () => {
    const { plan, faults } = await planned('-- pqrun: file session\n-- pqrun: split each=p.csv\nSELECT :id;');
    expect(faults).toEqual([
      'a.sql:2:11 the pieces of this split run one after another, because the script is one session',
    ]);
    expect(plan?.jobs.map(({ steps }) => steps.map(({ values }) => values?.id))).toEqual([['1', '2']]);
  });
});

describe('split values=', () => {
  it('takes a list, in quotes, or from a variable', async () => {
    const script = [
      `-- pqrun: split values=a,b\nSELECT :'value';`,
      `-- pqrun: split values="x ""y"" , it's"\nSELECT :'value';`,
      `-- pqrun: split values=:list\nSELECT :"value";`,
      `-- pqrun: split values=table,select\nSELECT :job, :jobs;`,
    ];
    const { texts, faults } = await planned(script.join('\n'), { variables: new Map([['list', '7']]) });
    expect(faults).toEqual([]);
    expect(texts).toEqual([
      ...[`SELECT 'a'`, `SELECT 'b'`, `SELECT 'x "y"'`, `SELECT 'it''s'`],
      ...[`SELECT "7"`, `SELECT 0, 2`, `SELECT 1, 2`],
    ]);
  });

  it('takes the rows of a query, which is asked once', async () => {
    const asked: string[] = [];
    const askRecords = (sql: string): Promise<AnsweredRecords> => {
      asked.push(sql);
      const rows = [
        ['t', '1'],
        ['u', null],
      ];
      return Promise.resolve({ kind: 'rows', columns: ['relname', 'n'], rows });
    };
    const one = `-- pqrun: split values="SELECT relname, n FROM x"\n`;
    const { texts, faults } = await planned(
      `${one}SELECT :n, :'n' FROM :"value";\n${one}SELECT :'relname';\n\\prompt 'x? ' x\nSELECT :x;`,
      { askRecords, ask: (question) => `'${question}'` },
    );
    expect(faults).toEqual([]);
    expect(asked).toEqual(['SELECT relname, n FROM x']);
    expect(texts).toEqual([
      ...[`SELECT 1, '1' FROM "t"`, `SELECT NULL, NULL FROM "u"`, `SELECT 't'`, `SELECT 'u'`],
      `SELECT 'x? '`,
    ]);
  });

  it('asks nothing where there is a fault', async () => {
    const askRecords = (): Promise<AnsweredRecords> => Promise.reject(new Error('asked'));
    const query = '-- pqrun: split values="SELECT 1"\nSELECT :value, :any FROM :"thing";\n';
    expect((await planned(`${query}SELEC;`, { askRecords })).faults).toEqual([
      'a.sql:3:1 syntax error at or near "SELEC"',
    ]);
  });

  it.each([
    ['SELECT 1; SELECT 2', 'values= takes one query, and nothing that writes a table'],
    ['SELECT 1 INTO t', 'values= takes one query, and nothing that writes a table'],
    ['with x as (select 1) delete from t', 'values= takes one query, and nothing that writes a table'],
    ['SELECT FROM WHERE', 'the query of values=: syntax error at or near "WHERE"'],
  ])('refuses %s before it asks', async (sql, message) => {
    const askRecords = (): Promise<AnsweredRecords> => Promise.reject(new Error('asked'));
    const { faults } = await planned(`-- pqrun: split values="${sql}"\nSELECT :value;`, { askRecords });
    expect(faults).toEqual([`a.sql:1:17 ${message}`]);
  });

  it.each<[string, AnsweredRecords, string]>([
    ['a failure', { kind: 'failure', message: 'no x' }, 'the query of values= failed: no x'],
    ['no column', { kind: 'rows', columns: [], rows: [] }, 'the query of values= gives no column'],
    [
      'a name twice',
      { kind: 'rows', columns: ['a', 'a'], rows: [] },
      'two columns of the query of values= are named “a”',
    ],
    [
      'no name',
      { kind: 'rows', columns: ['?column?', '?column?'], rows: [] },
      '“?column?” cannot be the name of a column of the query of values=',
    ],
  ])('tells of %s at the directive', async (_, answer, message) => {
    const askRecords = (): Promise<AnsweredRecords> => Promise.resolve(answer);
    const { faults } = await planned('-- pqrun: split values="SELECT 1"\nSELECT :value;', { askRecords });
    expect(faults).toEqual([`a.sql:1:17 ${message}`]);
  });

  it('cannot be asked where there is no server', async () => {
    expect((await planned('-- pqrun: split values="SELECT 1"\nSELECT :value;')).faults).toEqual([
      'a.sql:1:17 values= with a query cannot be used here, because nobody asks a server',
    ]);
  });
});

describe('weight=', () => {
  it('names a column that says how much work a record is', async () => {
    const files = { 'w.csv': 'id,n\n1,10\n2,500\n3,\n4,many\n' };
    const { plan, faults } = await planned('-- pqrun: split each=w.csv weight=n\nSELECT :id;', {}, files);
    expect(faults).toEqual([]);
    expect(plan?.jobs.map(({ weight }) => weight)).toEqual([10, 500, 1, 1]);
  });
});

describe('bind', () => {
  it('sends columns as parameters, in their order', async () => {
    const { plan, texts, faults } = await planned(
      '-- pqrun: split each=p.csv bind\nSELECT $2::text, $1::int;',
    );
    expect(faults).toEqual([]);
    expect(texts).toEqual(['SELECT $2::text, $1::int', 'SELECT $2::text, $1::int']);
    expect(plan?.jobs.map(({ steps }) => steps[0]?.parameters)).toEqual([
      ['1', "a'b"],
      ['2', null],
    ]);
  });

  it('may be asked for of all splits that have parameters', async () => {
    const script =
      '-- pqrun: split each=p.csv\nSELECT $1::int;\n-- pqrun: split each=p.csv\nSELECT :id;\nSELECT 1;';
    const { plan } = await planned(script, { bind: true });
    const parameters = plan?.jobs.map(({ steps }) => steps[0]?.parameters);
    expect(parameters).toEqual([['1'], ['2'], undefined, undefined, undefined]);
  });

  it.each([
    [
      'split each=p.csv bind\nSELECT $3',
      '1:11 the statement has the parameter $3, and a record only 2 columns',
    ],
    [
      'split values=a,b bind\nSELECT $2',
      '1:11 the statement has the parameter $2, and a record only one column',
    ],
    ['split each=p.csv bind\nSELECT :id', '1:11 there is nothing to bind: the statement has no parameter'],
    [
      'split rows=3 bind\nSELECT :lo',
      '1:24 bind belongs to split each= or split values=, whose columns are the parameters $1, $2 …',
    ],
    ['split each=p.csv bind=1\nSELECT $1', '1:28 bind takes no value'],
    ['bind\nSELECT $1', '1:11 bind belongs to split'],
    ['each=p.csv\nSELECT $1', '1:11 each= belongs to split'],
    ['split each=p.csv values=a\nSELECT :id', '1:28 each= and values= both say what the pieces are'],
    [
      'split each=p.csv into=2\nSELECT :id',
      '1:28 into=, size= and time= belong to splits of rows: of records each is a piece',
    ],
    ['split\nSELECT :id', '1:11 split does not say of how many rows'],
    ['split values=a,,b\nSELECT :value', '1:17 the list “a,,b” has an empty value in it'],
    ['split values=:none\nSELECT :value', '1:17 the variable none of values= is not defined'],
  ])('%j is a fault', async (directive, fault) => {
    const { faults } = await planned(`-- pqrun: ${directive};`);
    expect(faults[0]).toBe(`a.sql:${fault}`);
  });
});

it('plans ten thousand records in well under a second', async () => {
  const rows = Array.from({ length: 10_000 }, (_, n) => `${n},"name ${n}",2024-01-01\n`);
  const started = performance.now();
  const { plan } = await planned(
    "-- pqrun: split each=many.csv\nINSERT INTO t VALUES (:id, :'name', :'day');",
    {},
    { 'many.csv': `id,name,day\n${rows.join('')}` },
  );
  expect(plan?.jobs).toHaveLength(10_000);
  // A machine that is busy with other tests is several times slower.
  expect(performance.now() - started).toBeLessThan(3000);
});
