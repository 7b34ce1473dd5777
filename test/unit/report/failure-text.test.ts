import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/model/failure.js';
import { connectionFailureText, failureHeadline, failureText } from '../../../src/report/failure-text.js';
import { makePaint } from '../../../src/report/paint.js';
import { at, serverFailure, statementFailure, pieceOf } from './sample-run.js';

const plain = makePaint(false);

function textOf(failure: Failure, statement = 'SELECT f()'): string {
  return failureText(statementFailure({ failure, statement }), {}, plain);
}

describe('a failed statement', () => {
  it('reads as in psql, with the place, the caret, the piece and what was skipped', () => {
    const failed = statementFailure({
      failure: serverFailure({
        detail: 'It was never there.',
        hint: 'Create it.',
        context: 'SQL function "f"',
      }),
      excerpt: { line: 3, text: 'INSERT INTO x SELECT 1', column: 13 },
    });
    const piece = pieceOf(2, 8, 2500);
    expect(failureText(failed, { piece, skipped: 3 }, plain)).toMatchInlineSnapshot(`
      "build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)
      LINE 3: INSERT INTO x SELECT 1
                          ^
      DETAIL:  It was never there.
      HINT:  Create it.
      CONTEXT:  SQL function "f"
      in piece 3 of 8 (rows 5001 to 7500)
      3 jobs skipped because of it"
    `);
  });

  it('knows pieces without rows', () => {
    const piece = { index: 0, count: 8, unit: 'rows', rows: 0, lo: 1, hi: 0 } as const;
    expect(failureText(statementFailure(), { piece, skipped: 0 }, plain)).toMatchInlineSnapshot(`
      "build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)
      STATEMENT:  INSERT INTO x SELECT 1
      in piece 1 of 8 (no rows)"
    `);
  });

  it('names the record, and what was sent for its parameters', () => {
    const piece = { index: 1000, count: 2000, unit: 'record', file: 'p.csv', line: 1003 } as const;
    const parameters = ['7', null, "it's\n", 'x'.repeat(100)];
    expect(failureText({ ...statementFailure(), parameters }, { piece }, plain)).toMatchInlineSnapshot(`
      "build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)
      STATEMENT:  INSERT INTO x SELECT 1
      PARAMETERS:  $1 = '7', $2 = NULL, $3 = 'it''s ', $4 = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'
      in record 1,001 of 2,000 (p.csv:1003)"
    `);
    expect(
      failureText(statementFailure(), { piece: { index: 0, count: 1, unit: 'record' } }, plain),
    ).toContain('in record 1 of 1');
  });

  it('shows the statement where the server points nowhere', () => {
    const statement = `INSERT INTO orders\n\tSELECT id, customer, placed_at, total\n  FROM staging_orders WHERE total > 0`;
    const failure = serverFailure({
      code: '23505',
      message: 'duplicate key value violates unique constraint "orders_pkey"',
      detail: 'Key (id)=(7) already exists.',
    });
    expect(textOf(failure, statement)).toMatchInlineSnapshot(`
      "build/03.sql:12:8: ERROR:  duplicate key value violates unique constraint "orders_pkey" (SQLSTATE 23505)
      STATEMENT:  INSERT INTO orders SELECT id, customer, placed_at, total FROM staging_o…
      DETAIL:  Key (id)=(7) already exists."
    `);
  });

  it('points into the query of a function, short or long', () => {
    const short = serverFailure({
      internalQuery: 'SELECT nope',
      internalPosition: 8,
      context: 'PL/pgSQL function f()',
    });
    expect(textOf(short)).toMatchInlineSnapshot(`
      "build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)
      STATEMENT:  SELECT f()
      QUERY:  SELECT nope
                     ^
      CONTEXT:  PL/pgSQL function f()"
    `);
    const long = serverFailure({ internalQuery: 'SELECT 1,\n  nope\nFROM t', internalPosition: 13 });
    expect(textOf(long)).toMatchInlineSnapshot(`
      "build/03.sql:12:8: ERROR:  relation "x" does not exist (SQLSTATE 42P01)
      STATEMENT:  SELECT f()
      QUERY:  SELECT 1,
        nope
      FROM t
      LINE 2:   nope
                ^"
    `);
    expect(textOf(serverFailure({ internalQuery: 'SELECT 1' }))).toContain('\nQUERY:  SELECT 1');
  });
});

describe('other failures', () => {
  it('of the connection are one sentence and a hint', () => {
    const failure = {
      kind: 'connection',
      phase: 'open',
      message: 'connect ECONNREFUSED 127.0.0.1:5432',
      code: 'ECONNREFUSED',
      hint: 'Is the server running there?',
    } as const;
    expect(connectionFailureText(failure, plain)).toMatchInlineSnapshot(`
      "pqrun: cannot connect: connect ECONNREFUSED 127.0.0.1:5432 (ECONNREFUSED)
      hint: Is the server running there?"
    `);
    expect(textOf({ kind: 'connection', phase: 'lost', message: 'the server closed the connection' })).toBe(
      'build/03.sql:12:8: connection lost: the server closed the connection',
    );
  });

  it('are a cancelled statement, and a bug with its stack', () => {
    expect(textOf({ kind: 'cancelled', message: 'canceling statement due to user request' })).toBe(
      'build/03.sql:12:8: cancelled: canceling statement due to user request',
    );
    expect(
      textOf({ kind: 'bug', message: 'no such job', stack: 'Error: no such job\n    at run.js:1:1' }),
    ).toBe(
      'build/03.sql:12:8: bug in pqrun: no such job\nError: no such job\n    at run.js:1:1\n' +
        'please report it, with the lines above',
    );
  });
});

it('has a headline of one line, and colours only words that speak for themselves', () => {
  const failure = serverFailure({ message: 'two\nlines' });
  const failed = statementFailure({ failure, place: at('a.sql', 1) });
  expect(failureHeadline(failed, plain)).toBe('a.sql:1:1: ERROR:  two lines (SQLSTATE 42P01)');
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  const colored = failureHeadline(failed, makePaint(true));
  expect(colored).toMatch(escapes);
  expect(colored.replace(escapes, '')).toBe(failureHeadline(failed, plain));
});
