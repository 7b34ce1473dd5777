import fc from 'fast-check';
import type { Node, RangeVar } from 'libpg-query';
import { beforeAll, describe, expect, it } from 'vitest';
import { statementFacts } from '../../../src/script/facts.js';
import { factsOfForm } from '../../../src/script/form-facts.js';
import { formOf } from '../../../src/script/form.js';
import { rememberingForms } from '../../../src/script/forms.js';
import { moldOf } from '../../../src/script/mold.js';
import { loadParser, type Parsed, type Parser } from '../../../src/script/syntax.js';
import { changed, STATEMENTS } from './form-texts.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

/** What is wrong with it, where it has none. */
function treeOf(parsed: Parsed): unknown {
  return parsed.kind === 'parsed' ? parsed.nodes : parsed;
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

describe('what follows from a form alone', () => {
  function knownOf(text: string, work: (nodes: readonly Node[]) => unknown): unknown {
    const remembering = rememberingForms(parser);
    for (let n = 0; n < 4; n++) remembering.parse(text);
    const parsed = remembering.parse(text);
    if (parsed.kind !== 'parsed' || parsed.form === undefined) throw new Error(`not poured: ${text}`);
    return parsed.form.know(work);
  }
  const INSERT = "INSERT INTO t (a, b) VALUES (1, 'x')";

  it.each<[string, (node: Node) => unknown, unknown]>([
    ['its kind', (node) => 'InsertStmt' in node, true],
    [
      'what it has not',
      (node) => 'InsertStmt' in node && node.InsertStmt.returningClause === undefined,
      true,
    ],
    ['how many columns', (node) => 'InsertStmt' in node && node.InsertStmt.cols?.length, 2],
    ['that nothing more is said of its table', (node) => tableOf(node)?.schemaname === undefined, true],
  ])('is known: %s', (_, work, known) => {
    expect(knownOf(INSERT, ([node]) => work(node!))).toBe(known);
  });

  it.each<[string, (node: Node) => unknown]>([
    ['a name', (node) => tableOf(node)?.relname === 'pg_temp'],
    ['a place', (node) => (tableOf(node)?.location ?? 0) > 3],
    ['whether there is a place: zeros are left out', (node) => 'location' in (tableOf(node) ?? {})],
    ['what there is at all', (node) => Object.keys(tableOf(node) ?? {}).length],
    ['everything', (node) => JSON.stringify(node).includes('set_config')],
  ])('is not: %s', (_, work) => {
    expect(knownOf(INSERT, ([node]) => work(node!))).toBeUndefined();
  });

  it('gives the facts of each statement', () => {
    const remembering = rememberingForms(parser);
    let known = 0;
    const tree = fc.tuple(
      fc.constantFrom(...STATEMENTS),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
    );
    fc.assert(
      fc.property(tree, ([text, stream]) => {
        const random = (): number => stream.next().value as number;
        for (const one of [
          text,
          text,
          text,
          text,
          ...Array.from({ length: 4 }, () => changed(text, random)),
        ]) {
          const facts = factsOfForm(remembering.parse(one), one);
          if (facts === undefined) continue;
          const parsed = parser.parse(one);
          known += 1;
          expect(facts).toEqual(parsed.kind === 'parsed' && statementFacts(parsed.nodes, one));
        }
      }),
      { numRuns: 1500 },
    );
    expect(known).toBeGreaterThan(3000);
  });
});

function tableOf(node: Node): RangeVar | undefined {
  return 'InsertStmt' in node ? node.InsertStmt.relation : undefined;
}
