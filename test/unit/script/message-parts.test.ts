import { beforeAll, expect, it } from 'vitest';
import { withInlinedCtes } from '../../../src/script/inline-cte.js';
import { isolationNamed, setsTransaction } from '../../../src/script/isolation.js';
import { messageParts } from '../../../src/script/message-parts.js';
import { loadParser, type Parser } from '../../../src/script/syntax.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

it('the statements of a message, wherever else a semicolon stands', () => {
  const texts = (text: string): readonly string[] | undefined =>
    messageParts(text, parser)?.map((part) => part.text);
  expect(texts(`SELECT 1; SELECT ';' AS "a;b";; /* ; */ SELECT $$;$$ -- no; end`)).toEqual([
    'SELECT 1',
    `SELECT ';' AS "a;b"`,
    '/* ; */ SELECT $$;$$ -- no; end',
  ]);
  const atomic = 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END';
  expect(texts(`${atomic}; SELECT 3`)).toEqual([atomic, 'SELECT 3']);
  expect(texts('SELECT 1; -- no; SELECT 7\n')).toEqual(['SELECT 1']);
  expect(texts('SELEC 1; SELECT 2')).toBeUndefined();
});

it('their positions count characters from 1', () => {
  const parts = messageParts(`SELECT '😀';\n SELECT 2`, parser);
  expect(parts?.map(({ position }) => position)).toEqual([1, 14]);
});

it('CTEs are told not to be materialized, and nothing else is changed', () => {
  const inlined = (text: string): string | undefined => withInlinedCtes(text, parser);
  expect(inlined('WITH a AS MATERIALIZED (SELECT 1), b AS(SELECT 2) SELECT FROM a, b')).toBe(
    'WITH a AS NOT MATERIALIZED (SELECT 1), b AS NOT MATERIALIZED (SELECT 2) SELECT FROM a, b',
  );
  expect(inlined('SELECT 1')).toBeUndefined();
  // The text in quotes would be another.
  expect(inlined(`WITH a AS (SELECT 'as (') SELECT FROM a`)).toBeUndefined();
});

it('the isolation level that a transaction names', () => {
  const ofFirst = (text: string): readonly unknown[] => {
    const parsed = parser.parse(text);
    const [node] = parsed.kind === 'parsed' ? parsed.nodes : [];
    return [isolationNamed(node!), setsTransaction(node!)];
  };
  expect(ofFirst('BEGIN READ ONLY, ISOLATION LEVEL SERIALIZABLE')).toEqual(['serializable', false]);
  expect(ofFirst('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')).toEqual(['repeatable read', true]);
  expect(ofFirst('SET TRANSACTION READ ONLY')).toEqual([undefined, true]);
  expect(ofFirst('SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY')).toEqual([undefined, false]);
  expect(ofFirst('COMMIT')).toEqual([undefined, false]);
});
