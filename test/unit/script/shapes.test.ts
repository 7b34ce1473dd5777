import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { statementFacts } from '../../../src/script/facts.js';
import { rememberingShapes } from '../../../src/script/shapes.js';
import { loadParser, type Parser } from '../../../src/script/syntax.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

/** What a reader of scripts wants to know. */
function told(by: Parser, text: string): unknown {
  const parsed = by.parse(text);
  return parsed.kind === 'parsed'
    ? {
        kind: 'parsed',
        count: parsed.nodes.length,
        facts: statementFacts(parsed.nodes, text),
        tree: skeleton(parsed.nodes),
      }
    : parsed;
}

/** A tree without what may be another text's: the values of its constants, and places. */
function skeleton(nodes: unknown): string {
  return JSON.stringify(nodes, (key, value: unknown) =>
    key === 'A_Const'
      ? Object.keys(value ?? {}).filter((name) => name.endsWith('val'))
      : /location$|_(?:start|end)$/.test(key)
        ? undefined
        : value,
  );
}

const literal = fc.oneof(
  fc.nat({ max: 3_000_000_000 }).map(String),
  fc.constantFrom(
    '0',
    '1',
    '24',
    '53',
    '54',
    '99',
    '007',
    '1e5',
    '1.5',
    '.5',
    '0x1F',
    '1_000',
    'a1',
    'ä1',
    '$1',
    '1a',
  ),
  fc.constantFrom(
    "''",
    "'a'",
    "'it''s'",
    "'--'",
    "'/*'",
    `'"'`,
    "E'\\n'",
    "E'\\'",
    "U&'\\0061'",
    "B'01'",
    "X'1F'",
    "N'x'",
    "E'a '",
    "U&'a '",
    "date'2024-01-01 '",
    "time'12:00 '",
    "b' '",
    "'ä'",
  ),
  fc.constantFrom(
    "'a' 'b'",
    "'a'\n'b'",
    "'",
    '"a1"',
    '"it\'s 1"',
    '"say ""1"""',
    "x'",
    '"a2"',
    '$$x$$',
    'NULL',
    '-1',
    "interval '1 day'",
    "'t'::bool",
    "- '1",
  ),
);

const template = fc.constantFrom(
  ['SELECT * FROM t WHERE id = ', ' AND name = ', ' LIMIT ', ''],
  ['SELECT set_config(', ', ', ', ', ')'],
  ['SELECT pg_advisory_lock(', ', ', '), ', ''],
  ['SELECT x::float(', '), y::numeric(', ', ', ')'],
  ['SELECT x::varchar(', ')::interval(', ') FROM t', ' ORDER BY 1'],
  ['INSERT INTO t VALUES (', ', ', ', ', ')'],
  ['UPDATE t SET a = ', ', b = ', ' WHERE c IN (', ')'],
  ['INSERT INTO "T 1" ("a\'1", "b") VALUES (', ', ', ', ', ')'],
  ['SELECT ', ' , nextval(', ') , ', ''],
  ['DELETE FROM t WHERE a BETWEEN ', ' AND ', ' OR b = ', ''],
  ['SELECT ', ' a1, ', ' a2 INTO x', ''],
  ['SELECT a FROM t TABLESAMPLE system (', ') WHERE a = ', ' OFFSET ', ' ROWS'],
  ['SET work_mem = ', '; SELECT ', ', ', ''],
  ['SELECT nextval(', '), ', ' UESCAPE ', ''],
);

const statement = fc
  .record({ parts: template, literals: fc.array(literal, { minLength: 3, maxLength: 3 }) })
  .map(({ parts, literals }) => parts.map((part, index) => part + (literals[index] ?? '')).join(''));

describe('a parser that remembers shapes', () => {
  it('tells of every statement what a parser that does not tells', () => {
    const remembering = rememberingShapes(parser);
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 30 }), (texts) => {
        for (const text of texts) expect(told(remembering, text)).toEqual(told(parser, text));
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ["SELECT E'a ' , 'b'", "SELECT E'a ' || 'b'"],
    ["SELECT date'2024-01-01 ', f('b')", "SELECT date'2024-01-01 ' + g('b')"],
    ["SELECT \"a'b\", 1, 'c'", "SELECT \"a'b\" + 1, 'c'"],
  ])('tells %s from %s', (one, other) => {
    const remembering = rememberingShapes(parser);
    expect(told(remembering, one)).toEqual(told(parser, one));
    expect(told(remembering, other)).toEqual(told(parser, other));
  });

  it('knows names in quotes, and national strings', () => {
    const remembering = rememberingShapes(parser);
    const shapes = [
      `INSERT INTO "T 1" ("a") VALUES (1, N'x')`,
      `INSERT INTO "T 1" ("a") VALUES (2, N'it''s')`,
    ].map((text) => {
      const parsed = remembering.parse(text);
      return parsed.kind === 'parsed' ? parsed.shape : parsed.kind;
    });
    expect(shapes).toEqual([undefined, `INSERT INTO "T 1" ("a") VALUES (1, N'')`]);
  });

  it('parses thousands of queries of one shape once', () => {
    let parses = 0;
    const counting: Parser = {
      ...parser,
      parse: (text) => {
        parses += 1;
        return parser.parse(text);
      },
    };
    const remembering = rememberingShapes(counting);
    for (let number = 0; number < 1000; number += 1)
      remembering.parse(`SELECT * FROM t WHERE id = ${number} AND name = 'n${number}'`);
    expect(parses).toBe(1);
  });

  it('names the shape of what has come before, and of nothing else', () => {
    const remembering = rememberingShapes(parser);
    const shapes = ['SELECT 1', "SELECT 'a'", 'SELECT 22', 'VACUUM', 'VACUUM'].map((text) => {
      const parsed = remembering.parse(text);
      return parsed.kind === 'parsed' ? parsed.shape : parsed.kind;
    });
    expect(shapes).toEqual([undefined, undefined, 'SELECT 1', undefined, undefined]);
  });

  it('says where a wrong one is wrong, each time', () => {
    const remembering = rememberingShapes(parser);
    expect(remembering.parse('SELECT 1 FROM WHERE a = 1')).toMatchObject({ kind: 'wrong', position: 15 });
    expect(remembering.parse('SELECT 100 FROM WHERE a = 1')).toMatchObject({ kind: 'wrong', position: 17 });
  });
});
