import { describe, expect } from 'vitest';
import { test } from './pqrun.js';

/**
 * What is given as a value or a name stays one, however it is written: in each place where pqrun itself makes SQL of something, texts
 * that would end a quotation and drop a table drop nothing, and arrive as they are where they arrive.
 */

const DROP = 'DROP TABLE victim;';
/** Names of objects have at most 63 bytes. */
const REST = `\\'$$*/ʼ＇’“”; ${DROP} --`;
const TEXTS: Readonly<Record<string, string>> = {
  'a quote': `'; ${DROP} --`,
  'a double quote': `"; ${DROP} --`,
  'backslashes, dollars, comments and quotes of Unicode': REST,
};
/** Line feeds are not in a comment, which ends with its line. */
const ALL: Readonly<Record<string, string>> = {
  ...TEXTS,
  'backslashes, dollars, comments and quotes of Unicode': `\\'$$*/’“\n;${DROP}\r\n"--`,
};
/** For what goes to the server in the login, which is no SQL. */
const TOGETHER = { 'all together': Object.values(ALL).join(' ') };

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** As psql and directives read it. */
const quotedWord = literal;
const identifier = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const csvField = identifier;
/** Of a conninfo string. */
const conninfo = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
const GOT = 'INSERT INTO got VALUES';

interface Place {
  readonly what: string;
  readonly texts?: Readonly<Record<string, string>>;
  readonly run: (text: string) => {
    readonly files: Readonly<Record<string, string>>;
    /** Of several runs, one after another. */
    readonly args: readonly (readonly string[])[];
    readonly env?: Readonly<Record<string, string>>;
  };
  /** 'arrives': the text is in the table `got`, and all runs are done. */
  readonly end: 'arrives' | 'done' | 'refused' | 'either';
}

const QUIET = { '1.sql': 'SELECT 1;\n' };

const PLACES: readonly Place[] = [
  {
    what: 'a variable',
    texts: ALL,
    run: (text) => ({
      files: { '1.sql': `SELECT 1 AS :"v";\n${GOT} (:'v');\n` },
      args: [['1.sql', '-v', `v=${text}`]],
    }),
    end: 'arrives',
  },
  {
    what: 'a result that is a variable',
    texts: ALL,
    run: (text) => ({
      files: {
        '1.sql': `SELECT convert_from('\\x${Buffer.from(text).toString('hex')}', 'UTF8') AS v \\gset\n${GOT} (:'v');\nSELECT 1 AS :"v";\n`,
      },
      args: [['1.sql']],
    }),
    end: 'arrives',
  },
  {
    what: 'the name of a script and its directory',
    texts: ALL,
    run: (text) => ({
      files: {
        [`dir/${text}/${text}.sql`]: `-- pqrun: split rows=2\nINSERT INTO got SELECT 'x' FROM generate_series(:lo, :hi);\nSELECT 1;\n`,
      },
      args: [
        ['dir', '--journal', '-o', 'results/', '--events', 'events', '-j', '2'],
        ['dir', '--journal'],
        ['journal', 'show', 'dir'],
      ],
    }),
    end: 'done',
  },
  {
    what: 'a label',
    run: (text) => ({
      files: {
        '1.sql': `-- pqrun: label=${quotedWord(text)}\nSELECT 1;\n-- pqrun: after=${quotedWord(text)}\nSELECT 2;\n`,
      },
      args: [
        ['1.sql', '--journal'],
        ['plan', '1.sql', '--format', 'json'],
      ],
    }),
    end: 'either',
  },
  {
    what: 'reads= and writes=',
    run: (text) => ({
      files: {
        '1.sql': `-- pqrun: reads=${quotedWord(identifier(text))} writes=${quotedWord(`public.${identifier(text)}`)}\nDO $x$ BEGIN EXECUTE 'SELECT 1'; END $x$;\n`,
      },
      args: [['1.sql'], ['plan', '1.sql']],
    }),
    end: 'either',
  },
  {
    what: 'a value of a split',
    run: (text) => ({
      files: {
        '1.sql': `-- pqrun: split values=${quotedWord(text)}\n${GOT} (:'value');\n`,
      },
      args: [['1.sql', '--journal']],
    }),
    end: 'arrives',
  },
  {
    what: 'a record of CSV',
    texts: ALL,
    run: (text) => ({
      files: { '1.sql': `-- pqrun: split each=r.csv\n${GOT} (:'v');\n`, 'r.csv': `v\n${csvField(text)}\n` },
      args: [['1.sql', '--journal']],
    }),
    end: 'arrives',
  },
  {
    what: 'a record of JSON that is an identifier',
    texts: ALL,
    run: (text) => ({
      files: {
        '1.sql': `-- pqrun: split each=r.json\nSELECT 1 AS :"v";\n`,
        'r.json': JSON.stringify([{ v: text }]),
      },
      args: [['1.sql']],
    }),
    end: 'done',
  },
  {
    what: 'a parameter',
    texts: ALL,
    run: (text) => ({
      files: {
        '1.sql': `-- pqrun: split each=r.ndjson bind\n${GOT} ($1);\n`,
        'r.ndjson': `${JSON.stringify({ v: text })}\n`,
      },
      args: [['1.sql', '--journal']],
    }),
    end: 'arrives',
  },
  {
    what: 'the name of a column of records',
    texts: ALL,
    run: (text) => ({
      files: { '1.sql': `-- pqrun: split each=r.csv\nSELECT 1;\n`, 'r.csv': `${csvField(text)}\n1\n` },
      args: [['1.sql']],
    }),
    end: 'refused',
  },
  {
    what: 'a query of values',
    texts: ALL,
    run: (text) => ({
      files: { '1.sql': `-- pqrun: split values="SELECT v, v AS w FROM seed"\n${GOT} (:'w');\n`, seed: text },
      args: [['1.sql']],
    }),
    end: 'arrives',
  },
  {
    what: '--run',
    texts: ALL,
    run: (text) => ({
      files: QUIET,
      args: [
        ['1.sql', '--journal', '--run', text],
        ['1.sql', '--journal', '--run', text, '--restart'],
        ...['show', 'export', 'forget'].map((command) => ['journal', command, text]),
      ],
    }),
    end: 'done',
  },
  {
    what: 'the schema of the journal',
    texts: ALL,
    run: (text) => ({
      files: { '1.sql': `SELECT 1;\nBEGIN;\n${GOT} ('x');\nCOMMIT;\nCREATE TABLE made (n int);\n` },
      args: [
        ['1.sql', `--journal=${text}`],
        ['1.sql', `--journal=${text}`],
        ['journal', 'list', `--journal=${text}`],
      ],
    }),
    end: 'done',
  },
  {
    what: '--each-schema',
    texts: ALL,
    run: (text) => ({ files: QUIET, args: [['1.sql', '--each-schema', text]] }),
    end: 'refused',
  },
  {
    what: 'a schema that --each-schema finds',
    texts: ALL,
    run: (text) => ({
      files: { '1.sql': `INSERT INTO public.got VALUES (:'target');\nCREATE TABLE here ();\n`, schema: text },
      args: [['1.sql', '--each-schema', '%DROP TABLE%', '--journal', '--with-target']],
    }),
    end: 'arrives',
  },
  {
    what: 'the name of a target',
    texts: ALL,
    run: (text) => ({
      files: { '1.sql': `${GOT} (:'target');\nSELECT 1 AS :"target";\n`, seed: text },
      args: [['1.sql', '--targets-from', "SELECT v, 'DATABASE' FROM seed", '--with-target', '--journal']],
    }),
    end: 'arrives',
  },
  ...['work_mem', 'search_path', 'application_name', 'x.y'].map((setting): Place => ({
    what: `--set ${setting}`,
    texts: TOGETHER,
    run: (text) => ({ files: QUIET, args: [['1.sql', '--set', `${setting}=${text}`]] }),
    end: 'either',
  })),
  {
    what: 'the name of --set',
    texts: ALL,
    run: (text) => ({ files: QUIET, args: [['1.sql', '--set', `${text.replaceAll('=', '')}=1`]] }),
    end: 'refused',
  },
  ...['PGAPPNAME', 'PGCLIENTENCODING', 'PGTZ', 'PGDATESTYLE', 'PGOPTIONS'].map((name): Place => ({
    what: name,
    texts: name.toLowerCase().includes('encod') ? ALL : TOGETHER,
    run: (text) => ({ files: QUIET, args: [['1.sql', '--journal']], env: { [name]: text } }),
    end: 'either',
  })),
  ...['dbname', 'user', 'application_name', 'client_encoding', 'options'].map((keyword): Place => ({
    what: `${keyword}= of a conninfo string`,
    texts: keyword.includes('encod') ? ALL : TOGETHER,
    run: (text) => ({ files: QUIET, args: [['1.sql', '-d', `${keyword}=${conninfo(text)}`]] }),
    end: 'either',
  })),
  {
    what: 'a manifest',
    texts: ALL,
    run: (text) => ({
      files: {
        'build/1.sql': `${GOT} (:'v');\n`,
        'build/pqrun.json': JSON.stringify({
          variables: { v: text },
          defaults: { journal: text, set: { 'x.y': text } },
          stages: [{ name: text, files: '*.sql' }],
        }),
      },
      args: [['build'], ['plan', 'build']],
    }),
    end: 'arrives',
  },
  {
    what: '\\encoding, \\connect and \\copy',
    texts: TEXTS,
    run: (text) => ({
      files: {
        '1.sql': `\\set ON_ERROR_STOP 0\n\\set v ${quotedWord(text.replaceAll('\\', '\\\\'))}\n\\copy (SELECT 1 AS ${identifier(text)}) to 'out.csv' csv header\n\\copy ${identifier(text)} from 'out.csv'\n\\encoding :v\n\\connect :v\n`,
      },
      args: [['1.sql']],
    }),
    end: 'either',
  },
  {
    what: 'names of objects that are read, compared and recorded',
    texts: ALL,
    run: (text) => {
      const name = identifier(text);
      return {
        files: {
          'build/1.sql': `CREATE SCHEMA ${name};\nCREATE TABLE ${name}.${name} (${name} serial PRIMARY KEY, "v ${text.replaceAll('"', '""')}" text DEFAULT ${literal(text)});\nCREATE VIEW ${identifier(`v${text}`)} AS SELECT * FROM ${name}.${name};\nINSERT INTO ${name}.${name} DEFAULT VALUES;\nCREATE TYPE ${identifier(`t${text}`)} AS ENUM (${literal(text)});\n`,
          'build/2.sql': `CREATE FUNCTION ${name}.${name}() RETURNS bigint LANGUAGE sql AS ${literal(`SELECT count(*) FROM ${name}.${name}`)};\nSELECT ${name}.${name}();\nCOMMENT ON TABLE ${name}.${name} IS ${literal(text)};\n`,
        },
        args: [
          ['check', 'build', '-j', '2', '--ignore', text],
          ['build', '-j', '2', '--journal'],
          ['plan', 'build'],
        ],
      };
    },
    end: 'either',
  },
  {
    what: '--template of check',
    texts: ALL,
    run: (text) => ({ files: QUIET, args: [['check', '1.sql', '--template', text]] }),
    end: 'refused',
  },
  {
    what: '--merge-order',
    texts: ALL,
    run: (text) => ({
      files: QUIET,
      args: [['1.sql', '--target', 'a=DATABASE', '--target', 'b=DATABASE', '--merge-order', text]],
    }),
    end: 'refused',
  },
];

/** As a database begins, with what is to be dropped, what arrives, and what is asked for. */
const ANEW = `
  DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)' LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
  END $$;
  CREATE SCHEMA public;
  CREATE TABLE victim AS SELECT 1 AS here;
  CREATE TABLE got (v text);
  CREATE TABLE seed (v text)`;

describe('nothing else is executed for', () => {
  for (const { what, texts = TEXTS, run, end } of PLACES)
    test(what, async ({ work, database }) => {
      for (const [kind, text] of Object.entries(texts)) {
        await database.query(ANEW);
        const { files, args, env = {} } = run(text);
        const { schema, seed, ...scripts } = files;
        if (schema !== undefined) await database.query(`CREATE SCHEMA ${identifier(schema)}`);
        if (seed !== undefined) await database.query('INSERT INTO seed VALUES ($1)', [seed]);
        work.write(scripts);
        const statuses: (number | null)[] = [];
        let told = '';
        for (const line of args) {
          const { status, stderr } = await work.pqrun(
            line.map((word) => word.replace('DATABASE', database.name)),
            { env },
          );
          statuses.push(status);
          told += stderr;
        }
        const about = `${kind}: ${statuses.join(' ')} ${told}`;
        expect(await database.query('SELECT here FROM victim'), about).toEqual([{ here: 1 }]);
        expect([0, 1, 2, 3], about).toEqual(expect.arrayContaining(statuses));
        if (end === 'arrives' || end === 'done') expect(new Set(statuses), about).toEqual(new Set([0]));
        if (end === 'refused') expect(statuses, about).not.toContain(0);
        if (end === 'arrives') {
          const [got] = await database.query('SELECT v FROM got');
          expect(got?.v, about).toBe(text);
        }
      }
    });
});

test('a zero byte is refused or fails, and cuts off nothing', async ({ work, database }) => {
  await database.query(ANEW);
  const files = {
    'value/1.sql': `-- pqrun: split each=r.json\n${GOT} (:'v');\n`,
    'value/r.json': JSON.stringify([{ v: `a\0'; ${DROP} --` }]),
    'bound/1.sql': `-- pqrun: split each=r.json bind\n${GOT} ($1);\n`,
    'bound/r.json': JSON.stringify([{ v: `a\0'; ${DROP} --` }]),
    'script/1.sql': `${GOT} ('a\0'); SELECT '; ${DROP} --';\n`,
    'outside/1.sql': `${GOT} ('a');\0 ${DROP}\n`,
    'csv/1.sql': `-- pqrun: split each=r.csv\n${GOT} (:'v');\n`,
    'csv/r.csv': `v\na\0'; ${DROP} --\n`,
    'manifest/1.sql': `${GOT} (:'v');\n`,
    'manifest/pqrun.json': JSON.stringify({
      variables: { v: `a\0'; ${DROP} --` },
      stages: [{ files: '*.sql' }],
    }),
    'set/1.sql': `${GOT} ('a');\n`,
    'set/pqrun.json': JSON.stringify({
      defaults: { set: { 'x.y': `a\0-c x.z=1` } },
      stages: [{ files: '*.sql' }],
    }),
    'journal/1.sql': `${GOT} ('a');\n`,
    'journal/pqrun.json': JSON.stringify({
      defaults: { journal: `a\0"; ${DROP} --` },
      stages: [{ files: '*.sql' }],
    }),
  };
  work.write(files);
  for (const directory of new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))) {
    const { status, stderr } = await work.pqrun([directory, '--retries', '0']);
    expect([1, 2, 3], `${directory}: ${stderr}`).toContain(status);
    expect(stderr, directory).not.toBe('');
  }
  expect(await database.query('SELECT here FROM victim')).toEqual([{ here: 1 }]);
  expect(await database.query('SELECT v FROM got')).toEqual([]);
});
