import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { formOf, type TokenKind } from '../../../src/script/form.js';
import { rememberingForms } from '../../../src/script/forms.js';
import { moldOf } from '../../../src/script/mold.js';
import { loadParser, type Parsed, type Parser } from '../../../src/script/syntax.js';

/** Of all families that the plan has a rule for: the programs kept for the proof of the same database. */
const STATEMENTS = kept();

function kept(): readonly string[] {
  const directory = resolve(import.meta.dirname, '../../same/kept');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.sql'),
  );
  const texts = files.flatMap((name) => readFileSync(join(directory, name), 'utf8').split(/;\s*\n/));
  return [...new Set(texts.map((text) => text.replace(/^\s*--.*$/gm, '').trim()))].filter(
    (text) => text !== '',
  );
}

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

/** Words that mean something where a role, a type, an option or a strategy stands; and what is written otherwise than meant. */
const NAMES = [
  ...[
    'public',
    'none',
    'bpchar',
    'default_x',
    'login',
    'superuser',
    'hash',
    'list',
    'utf8',
    'path',
    'modulus',
  ],
  ...[
    'x',
    'Foo',
    'int4',
    'date',
    'pg_temp',
    'json',
    'plpgsql',
    'c',
    'z9_',
    '_a',
    'excluded',
    'tableoid',
    'record',
  ],
  ...['"Quoted"', '"select"', '"a""b"', '"public"', '"x y"'],
];
const OTHERS: Readonly<Partial<Record<TokenKind, readonly string[]>>> = {
  name: NAMES,
  quoted: NAMES,
  string: ["'x'", "'it''s'", "'1'", "'zq3z'", "''", '$$body$$', '$a$ x $a$'],
  dollar: ["'x'", '$$body$$', '$a$ x $$ $a$'],
  integer: ['0', '1', '007', '25', '53', '54', '999999999', '7000001', '1234567890'],
  decimal: ['0.0', '1.5', '007.50', '12345678901234567890.5'],
};

/** What is wrong with it, where it has none. */
function treeOf(parsed: Parsed): unknown {
  return parsed.kind === 'parsed' ? parsed.nodes : parsed;
}

/** The statement with some of its names and values replaced. */
function changed(text: string, random: () => number): string {
  const form = formOf(text);
  if (form === undefined) return text;
  let [made, done] = ['', 0];
  for (const [token, kind] of form.kinds.entries()) {
    const others = OTHERS[kind];
    if (others === undefined || random() < 0.3) continue;
    made += text.slice(done, form.starts[token]) + (others[Math.floor(random() * others.length)] ?? '');
    done = form.ends[token] ?? 0;
  }
  return made + text.slice(done);
}

it('has statements of many forms, and molds of nearly all', () => {
  const forms = STATEMENTS.flatMap((text) => formOf(text) ?? []);
  expect(new Set(forms.map(({ key }) => key)).size).toBeGreaterThan(300);
  const molds = STATEMENTS.flatMap((text) => {
    const form = formOf(text);
    return form === undefined || parser.parse(text).kind !== 'parsed' ? [] : [moldOf(parser, text, form)];
  });
  expect(molds.filter((mold) => mold === undefined).length).toBeLessThan(molds.length / 50);
});

it('gives what the parser gives, whatever names and values stand in a form', () => {
  const tree = fc.tuple(
    fc.constantFrom(...STATEMENTS),
    fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
  );
  fc.assert(
    fc.property(tree, ([text, stream]) => {
      const remembering = rememberingForms(parser);
      const random = (): number => stream.next().value as number;
      // The fourth is poured.
      for (const one of [text, text, text, text, ...Array.from({ length: 4 }, () => changed(text, random))])
        expect(treeOf(remembering.parse(one))).toEqual(treeOf(parser.parse(one)));
    }),
    { numRuns: 1500 },
  );
});

describe('parses again', () => {
  it.each([
    ['a word that the grammar looks at', 'GRANT SELECT ON t TO alice', 'GRANT SELECT ON t TO public'],
    [
      'a quoted word that the grammar looks at',
      'GRANT SELECT ON t TO "Alice"',
      'GRANT SELECT ON t TO "public"',
    ],
    ['a number that the grammar looks at', 'CREATE TABLE t (a float(24))', 'CREATE TABLE t (a float(25))'],
    ['a number that is no integer', 'SELECT 1', 'SELECT 3000000000'],
    ['a negative number', 'SELECT -1', 'SELECT -0'],
    ['a string of two lines', "SELECT 'a'", "SELECT 'a'\n'b'"],
    ['an empty string', "COMMENT ON TABLE t IS 'a'", "COMMENT ON TABLE t IS ''"],
    ['a string with escapes', "SELECT 'a'", "SELECT E'a\\n'"],
    ['a string of bits', "SELECT x '1'", "SELECT x'1'"],
    ['a name that is too long', 'SELECT a', `SELECT ${'a'.repeat(70)}`],
    ['a name with a dollar', 'SELECT a', 'SELECT a$1'],
    ['a comment', 'SELECT a, b', 'SELECT a -- , b'],
    ['letters beyond ASCII', 'SELECT a, 1', 'SELECT ä, 1'],
    ['a parameter', 'SELECT 1', 'SELECT $1'],
    ['an operator with or without a space', 'SELECT 1 < - 1', 'SELECT 1 <- 1'],
    ['white space in front', 'SELECT a', '\n SELECT a'],
  ])('%s', (_, one, other) => {
    const remembering = rememberingForms(parser);
    for (const text of [one, one, one, one, other, other, other, other, one, other])
      expect(treeOf(remembering.parse(text))).toEqual(treeOf(parser.parse(text)));
  });
});

it('parses a form three times and once for its mold, and then no more', () => {
  let parses = 0;
  const counting = { ...parser, parse: (text: string) => (parses++, parser.parse(text)) };
  const remembering = rememberingForms(counting);
  for (let n = 0; n < 100; n++) remembering.parse(`UPDATE t${n} SET a = ${n} WHERE b = 'x${n}'`);
  expect(parses).toBe(5);
});
