import { mkdtempSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import { manifestJsonSchema, readManifest, type Manifest } from '../../../src/script/manifest.js';

const root = mkdtempSync(join(tmpdir(), 'pqrun-manifest-'));
const path = join(root, 'pqrun.yaml');

beforeAll(() => {
  for (const file of ['tables/10-b.sql', 'tables/2-a.sql', 'load.sql', 'old.sql', 'notes.txt']) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
});
afterAll(() => rmSync(root, { recursive: true }));

async function read(text: string | Buffer): Promise<Manifest> {
  writeFileSync(path, text);
  const result = await readManifest(path);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return result.value;
}

async function diagnosticsOf(text: string | Buffer): Promise<readonly Diagnostic[]> {
  writeFileSync(path, text);
  const result = await readManifest(path);
  return result.ok ? [] : result.diagnostics;
}

/** `line:column message`. */
async function faultsOf(text: string | Buffer): Promise<readonly string[]> {
  const diagnostics = await diagnosticsOf(text);
  return diagnostics.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`);
}

function filesOf(manifest: Manifest): readonly (readonly [string, number | undefined])[] {
  return manifest.sources.map(({ path: file = '', stage }) => [relative(root, file), stage] as const);
}

const STAGES = 'stages: [{ files: load.sql }]\n';

describe('the scripts of a manifest', () => {
  it('run stage after stage, in each in natural order whatever the order of the globs', async () => {
    const manifest = await read(
      'stages:\n  - files: "tables/*.sql"\n  - { files: ["old.sql", "load.sql"] }\n',
    );
    expect(filesOf(manifest)).toEqual([
      ['tables/2-a.sql', 1],
      ['tables/10-b.sql', 1],
      ['load.sql', 2],
      ['old.sql', 2],
    ]);
  });

  it('are in a stage once, however many globs match them', async () => {
    expect(filesOf(await read('stages: [{ files: ["*.sql", "l*.sql", "!old.sql"] }]'))).toEqual([
      ['load.sql', 1],
    ]);
  });

  it('are printed by the path that leads to the manifest', async () => {
    const { sources } = await read(STAGES);
    expect(sources).toEqual([{ name: join(root, 'load.sql'), path: join(root, 'load.sql'), stage: 1 }]);
  });

  it('carry the name and the order of their stage', async () => {
    const { stages } = await read(
      'stages:\n- { name: load, files: load.sql, order: none }\n- files: old.sql\n',
    );
    expect(stages).toEqual([{ number: 1, name: 'load', order: 'none' }, { number: 2 }]);
  });
});

describe('values', () => {
  it('of variables and settings are the text that was written', async () => {
    const { variables, defaults } = await read(
      `${STAGES}variables: { v: 1.10, zip: 007, yes: True, s: "a\\tb" }\ndefaults: { set: { work_mem: 0x10 } }\n`,
    );
    expect([...variables]).toEqual([
      ['v', '1.10'],
      ['zip', '007'],
      ['yes', 'True'],
      ['s', 'a\tb'],
    ]);
    expect(defaults.set).toEqual({ work_mem: '0x10' });
  });

  it('of run options keep their types, and those not given are absent', async () => {
    const { defaults } = await read(
      `${STAGES}defaults: { jobs: 4, keep-going: true, order: stages, init-sql: SELECT 1, server-cores: off }\n`,
    );
    expect(defaults).toEqual({
      jobs: 4,
      'keep-going': true,
      order: 'stages',
      'init-sql': 'SELECT 1',
      'server-cores': 'off',
    });
  });

  it('may be aliases', async () => {
    const { variables } = await read(`${STAGES}variables: { a: &x 5, b: *x }\n`);
    expect([...variables]).toEqual([
      ['a', '5'],
      ['b', '5'],
    ]);
  });

  it('come through as they are written, for any text (property)', async () => {
    const names = fc.stringMatching(/^[a-z_][a-z0-9_]{0,10}$/);
    const maps = fc.dictionary(names, fc.string({ unit: 'grapheme' }), { maxKeys: 5 });
    await fc.assert(
      fc.asyncProperty(maps, async (variables) => {
        // JSON is YAML.
        const manifest = await read(JSON.stringify({ variables, stages: [{ files: 'load.sql' }] }));
        expect(Object.fromEntries(manifest.variables)).toEqual({ ...variables });
      }),
      { numRuns: 50 },
    );
  });

  it('may be JSON indented with tabs, with a byte order mark and CRLF', async () => {
    const text = JSON.stringify({ stages: [{ files: 'load.sql' }] }, null, '\t').replaceAll('\n', '\r\n');
    expect(filesOf(await read(`\uFEFF${text}\r\n`))).toEqual([['load.sql', 1]]);
  });
});

describe('faults', () => {
  const faults: readonly (readonly [what: string, text: string | Buffer, faults: readonly string[]])[] = [
    ['an empty manifest', '', ['1:1 the manifest is empty']],
    ['only a comment', '# later\n', ['1:1 the manifest is empty']],
    ['a list', '- a.sql\n', ['1:1 a manifest must be a map of keys and values, not a list']],
    ['a tab', `${STAGES}defaults:\n\tjobs: 1\n`, ['3:1 tabs are not allowed as indentation']],
    ['two keys', `${STAGES}${STAGES}`, ['2:1 this key is there twice']],
    ['no stages', 'variables: {}\n', ['1:1 stages is missing']],
    [
      'an empty list of stages',
      'stages: []\n',
      ['1:9 stages must have at least one stage, not an empty list'],
    ],
    ['a stage of nothing', 'stages:\n  -\n', ['2:4 stage 1 must be a map of keys and values, not nothing']],
    ['a stage without files', 'stages:\n  - name: x\n', ['2:5 files is missing']],
    [
      'a stage with an empty list',
      'stages:\n  - files: []\n',
      ['2:12 files must name at least one file or pattern, not an empty list'],
    ],
    [
      'a glob that is none',
      'stages:\n- files: [load.sql, 3]\n',
      ['2:21 item 2 of files must be a text, not 3'],
    ],
    ['only exclusions', 'stages:\n- files: "!a"\n', ['2:10 this stage only says which files it leaves out']],
    ['an unknown key', `${STAGES}variable: {}\n`, ['2:1 unknown key “variable”']],
    ['jobs below 1', `${STAGES}defaults: { jobs: 0 }\n`, ['2:19 jobs must be at least 1, not 0']],
    [
      'server-cores that are no number',
      `${STAGES}defaults: { server-cores: lots }\n`,
      ['2:27 server-cores must be a whole number from 1 to 10000, or off, not “lots”'],
    ],
    [
      'a wrong order',
      `${STAGES}defaults: { order: x }\n`,
      ['2:20 order must be auto, sequential, stages or none, not “x”'],
    ],
    [
      'a variable that is a list',
      `${STAGES}variables: { a: [1] }\n`,
      ['2:17 a must be a text, a number or a boolean, not a list'],
    ],
    [
      'a variable without a value',
      `${STAGES}variables:\n  a:\n`,
      ['3:5 a must be a text, a number or a boolean, not nothing'],
    ],
    ['an alias without an anchor', 'stages: *x\n', ['1:9 there is no anchor &x before this alias']],
    ['a tag', `${STAGES}variables: { a: !x 1 }\n`, ['2:17 unresolved tag: !x']],
    [
      'columns in characters, behind an emoji',
      `${STAGES}variables: { a: "🐘", b: [] }\n`,
      ['2:25 b must be a text, a number or a boolean, not an empty list'],
    ],
    [
      'bytes that are not UTF-8',
      Buffer.from('a: "\xe9"\n', 'latin1'),
      ['1:5 byte 0xe9 at offset 4 is not UTF-8'],
    ],
  ];
  it.each(faults)('%s', async (_, text, expected) => {
    expect(await faultsOf(text)).toEqual(expected);
  });

  it('are all told at once, as they stand in the file', async () => {
    const text = 'defaults:\n  jobs: many\nstages:\n  - files: "*.sql"\n    nam: x\nvariables:\n  a b: 1\n';
    expect(await faultsOf(text)).toEqual([
      '2:9 jobs must be a whole number, not “many”',
      '5:5 unknown key “nam”',
      '7:3 “a b” cannot be a name here: a variable name has letters, digits and underscores only',
    ]);
  });

  it('name every glob that no file matches, and where it is looked for', async () => {
    const diagnostics = await diagnosticsOf(
      'stages:\n- files: ["load.sql", "views/*.sql"]\n- files: x.sql\n',
    );
    expect(diagnostics.map(({ place, message }) => [place?.line, place?.column, message])).toEqual([
      [2, 23, 'no file matches “views/*.sql”'],
      [3, 10, 'no file matches “x.sql”'],
    ]);
    expect(diagnostics[0]?.hint).toContain(root);
  });

  it('show the line', async () => {
    const [fault] = await diagnosticsOf(`${STAGES}defaults: { jobs: 0 }\n`);
    expect(fault?.excerpt).toEqual({ text: 'defaults: { jobs: 0 }', column: 19 });
    expect(fault?.place?.file).toBe(path);
  });

  it.each([
    [`${STAGES}defaults: { keep_going: true }`, 'did you mean keep-going?'],
    ['stage: []', 'did you mean stages?'],
    [`${STAGES}jobs: 4`, 'write it below defaults: defaults: { jobs: … }'],
    [`${STAGES}servers: []`, 'known here are variables, targets, defaults, stages'],
    [`${STAGES}defaults: { jobs: "4" }`, 'write it without quotes'],
    ['stages: [{ files: load.sql, name: 7 }]', 'put it in quotes'],
  ])('come with the remedy: %s', async (text, remedy) => {
    expect((await diagnosticsOf(text)).map(({ hint }) => hint)).toContain(remedy);
  });

  it('include a manifest that is not there', async () => {
    const result = await readManifest(join(root, 'no.yaml'));
    expect(result.ok ? [] : result.diagnostics.map(({ message }) => message)).toEqual([
      `cannot read ${join(root, 'no.yaml')}: ENOENT: no such file or directory`,
    ]);
  });
});

it('has a JSON Schema of the same keys', () => {
  expect(manifestJsonSchema()).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    additionalProperties: false,
    required: ['stages'],
    properties: { defaults: { properties: { jobs: { type: 'integer', minimum: 1 } } } },
  });
});
