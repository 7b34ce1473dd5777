import type { Draft } from './draft.js';
import { expression, tokens } from './expressions.js';
import { blockComment, gap, identifier } from './lexemes.js';

/** CREATE FUNCTION … BEGIN ATOMIC … END: psql counts words to know which `;` ends it. */
export function routine(draft: Draft): string {
  const { random } = draft;
  const [begin, atomic, end] = spelling(draft);
  const name = random.pick(['f', 'p', 's.f', '"create"', 'ü', '"begin"']);
  const result = draft.choose({
    _function: [4, () => `${random.pick(['FUNCTION', 'function', 'Function'])} ${name}(x int) RETURNS int`],
    'or replace': [2, () => `${tokens(draft, 'OR', 'REPLACE')} FUNCTION ${name}() RETURNS text`],
    procedure: [
      2,
      () => `${random.pick(['PROCEDURE', 'procedure', 'or replace procedure'])} ${name}(IN a int)`,
    ],
    'routine with a default': [1, () => `FUNCTION ${name}(x text DEFAULT ';', y int = (1)) RETURNS int`],
  });
  const options = draft.choose({
    _language: [4, () => 'LANGUAGE SQL'],
    _none: [2, () => 'STABLE'],
    'comment before BEGIN': [1, () => `LANGUAGE sql ${blockComment(draft)}`],
    'SET in a routine': [0.5, () => "SET search_path = 'a;b'"],
  });
  const head = tokens(draft, random.pick(['CREATE', 'create', 'CrEaTe']), result, options, begin);
  const body = Array.from(
    { length: random.between(0, 3) },
    () => `${bodyStatement(draft)}${random.pick([';', ' ;', ';\n'])}`,
  );
  return `${tokens(draft, head, atomic, ...body)}${gap(draft)}${end}`;
}

function spelling(draft: Draft): readonly [string, string, string] {
  return draft.random.pick([
    ['BEGIN', 'ATOMIC', 'END'],
    ['BEGIN', 'ATOMIC', 'END'],
    ['begin', 'atomic', 'end'],
    ['BeGiN', 'AtOmIc', 'EnD'],
    ['\nBEGIN', 'atomic', '\nend'],
  ]);
}

function bodyStatement(draft: Draft): string {
  return draft.choose({
    _select: [5, () => tokens(draft, 'SELECT', expression(draft))],
    'CASE in a body': [
      3,
      () =>
        tokens(
          draft,
          'SELECT',
          'CASE',
          'WHEN',
          expression(draft),
          'THEN',
          '1',
          draft.random.pick(['END', 'end', 'eND']),
        ),
    ],
    'nested CASE in a body': [
      1,
      () => 'SELECT case when (case x when 1 then true end) then 2 else case 1 when 1 then 3 end end',
    ],
    'quoted words in a body': [1, () => `SELECT 'END;', "end", $$ CASE; $$ /* END; */ -- END;\n`],
    _insert: [1, () => tokens(draft, 'INSERT INTO', identifier(draft), 'VALUES', `(${expression(draft)})`)],
    'body with a word too many': [
      0.3,
      () => draft.random.pick(['SELECT 1 AS begin', 'SELECT 2 AS case', 'SELECT x.end FROM x']),
    ],
  });
}
