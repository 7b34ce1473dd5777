import type { Draft } from './draft.js';
import { expression, list, tokens } from './expressions.js';
import { dollarQuote, gap, identifier, string } from './lexemes.js';
import { routine } from './routines.js';

/** One statement, without what ends it. */
export function statement(draft: Draft): string {
  return draft.choose({
    _select: [8, () => select(draft)],
    _insert: [
      4,
      () =>
        tokens(
          draft,
          'INSERT INTO',
          identifier(draft),
          `(${list(draft, () => identifier(draft))})`,
          'VALUES',
          row(draft),
        ),
    ],
    _update: [
      2,
      () =>
        tokens(
          draft,
          'UPDATE',
          identifier(draft),
          'SET',
          'a',
          '=',
          expression(draft),
          'WHERE',
          expression(draft),
        ),
    ],
    _delete: [1, () => tokens(draft, 'DELETE FROM', identifier(draft), 'WHERE', expression(draft))],
    _createTable: [
      2,
      () =>
        tokens(
          draft,
          'CREATE TABLE',
          identifier(draft),
          `(${list(draft, () => column(draft))}${gap(draft)})`,
        ),
    ],
    _createView: [
      1,
      () => tokens(draft, 'create', 'or', 'replace', 'view', identifier(draft), 'as', select(draft)),
    ],
    'DO $$': [1, () => tokens(draft, draft.random.pick(['DO', 'do']), dollarQuote(draft))],
    'function in a string': [
      1,
      () =>
        tokens(
          draft,
          'CREATE FUNCTION',
          `${identifier(draft)}()`,
          'RETURNS int AS',
          draft.random.pick(["'SELECT 1;'", "E'SELECT \\';\\''", dollarQuote(draft)]),
          'LANGUAGE sql',
        ),
    ],
    'BEGIN ATOMIC': [3, () => routine(draft)],
    '; in parentheses': [
      1,
      () =>
        `CREATE RULE r AS ON INSERT TO t DO ALSO (${tokens(draft, select(draft), ';', 'DELETE FROM t')}${draft.random.pick([')', ';)'])}`,
    ],
    'transaction block': [1, () => transaction(draft)],
    'prepared statement': [0.5, () => tokens(draft, 'PREPARE', `p${draft.serial()}`, 'AS', select(draft))],
    'statement in a variable': [1, () => statementVariable(draft)],
    standard_conforming_strings: [0.6, () => standardStrings(draft)],
    'SET client_encoding': [
      0.3,
      () => draft.random.pick(["SET client_encoding = 'UTF8'", 'set client_encoding to utf8']),
    ],
    'no statement': [
      0.7,
      () => draft.random.pick(['', '/* only a comment */', '-- only a comment\n', '/* ; */ -- ;\n']),
    ],
    'not SQL': [
      2,
      () =>
        draft.random.pick([
          'SELEC 1',
          'a b c',
          '=',
          '[ ; ]',
          'SELECT (',
          'end',
          'create function',
          ') (',
          '{}',
          '@',
          '\\: x',
        ]),
      'wild',
    ],
    'server error': [0.7, () => 'SELECT /*error*/ 1', 'wild'],
  });
}

export function select(draft: Draft): string {
  const head = tokens(draft, draft.random.pick(['SELECT', 'select', 'Select']), list(draft));
  return draft.choose({
    _bare: [4, () => head],
    _alias: [3, () => tokens(draft, head, 'AS', identifier(draft))],
    _from: [3, () => tokens(draft, head, 'FROM', identifier(draft), 'WHERE', expression(draft))],
    _union: [0.5, () => tokens(draft, head, 'UNION ALL', 'SELECT', expression(draft))],
    _with: [
      0.5,
      () => tokens(draft, 'WITH', identifier(draft), 'AS', `(${head})`, 'SELECT', expression(draft)),
    ],
  });
}

function row(draft: Draft): string {
  const rows = Array.from({ length: draft.random.between(1, 3) }, () => `(${list(draft)})`);
  return rows.join(draft.random.pick([',\n', ', ', ',']));
}

function column(draft: Draft): string {
  const name = identifier(draft);
  return draft.random.chance(0.4)
    ? tokens(draft, name, 'text', 'DEFAULT', string(draft))
    : tokens(draft, name, 'int');
}

function transaction(draft: Draft): string {
  return draft.random.pick([
    'BEGIN',
    'begin',
    'COMMIT',
    'commit work',
    'ROLLBACK',
    'END',
    'start transaction',
    'SAVEPOINT s',
    'BEGIN ISOLATION LEVEL SERIALIZABLE',
  ]);
}

/** `:name` as a whole statement, or several. */
function statementVariable(draft: Draft): string {
  const found = draft.variable('statement');
  return found
    ? draft.random.pick([`:${found.name}`, `:${found.name} `, `EXPLAIN :${found.name}`])
    : 'SELECT 1';
}

/** psql goes by the setting from the next line on. */
function standardStrings(draft: Draft): string {
  draft.standardStrings = draft.random.chance(0.6);
  if (draft.standardStrings)
    return draft.random.pick([
      'SET standard_conforming_strings = on',
      'RESET standard_conforming_strings',
      "set standard_conforming_strings to 'on'",
    ]);
  draft.note('standard_conforming_strings off');
  return draft.random.pick([
    'SET standard_conforming_strings = off',
    'set standard_conforming_strings to off',
    'SET Standard_Conforming_Strings TO off',
  ]);
}
