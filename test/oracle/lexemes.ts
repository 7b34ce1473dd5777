import type { Draft } from './draft.js';

/** What may stand in quotes and comments: everything that means something outside of them. */
const HOSTILE = [
  ';',
  '; ;',
  '"',
  '--',
  '-- no comment',
  '/*',
  '*/',
  '(',
  ')',
  ':x',
  ":'x'",
  ':"x"',
  ':{?x}',
  '$$',
  '$1',
  'a$b$',
  '\\g',
  '\\.',
  '\\echo hi',
  '\\endif',
  '\\;',
  'begin atomic',
  'copy t from stdin;',
  'end',
  'word',
  'ünï',
  '日本語',
  '\u00a0',
  '\ufeff',
  '\f',
  '\v',
  '\t',
  '{?',
  '%',
] as const;

const BREAKS = ['\n', '\n\n', '\n \n\n', '\r\n', '\r', '\n;\n'] as const;

/** A few pieces that must not end what they stand in: those with a forbidden part are left out. */
export function content(draft: Draft, forbidden: readonly string[] = []): string {
  const { random } = draft;
  const pieces = Array.from({ length: random.between(0, 4) }, () => {
    if (random.chance(0.12)) return random.pick(BREAKS);
    return random.chance(0.3) ? random.pick([' ', 'a', '1', '_']) : random.pick(HOSTILE);
  });
  const fine = pieces.filter((piece) => !forbidden.some((part) => piece.includes(part)));
  if (fine.some((piece) => /^[\n\r]/.test(piece))) draft.note('line break inside quotes');
  return fine.join(random.pick(['', ' ']));
}

/** A string of any form. */
export function string(draft: Draft): string {
  return draft.choose({
    _plain: [6, () => plain(draft)],
    'string of doubled quotes': [
      2,
      () => `'${content(draft, quoteMarks(draft))}''${content(draft, quoteMarks(draft))}'`,
    ],
    'string with a backslash': [1, () => (draft.standardStrings ? `'a\\b\\'` : `'a\\'b\\\\'`)],
    'string continued': [2, () => continued(draft, ['\n', ' \n\t', '\r\n', '\n\n', '\r'])],
    'string continued behind a comment': [
      0.3,
      () => continued(draft, [' -- it goes on;\n', '\n-- " \'\n']),
      'wild',
    ],
    "E''": [3, () => escapeString(draft)],
    "E'' continued": [1, () => `${escapeString(draft)}\n  '${content(draft, ["'", '\\'])};'`],
    // The server goes on with escapes, psql does not.
    "E'' continued with escapes": [
      0.2,
      () => `${escapeString(draft)}\n'\\' ${content(draft, ["'", '\\'])};'`,
      'wild',
    ],
    "U&''": [1, () => `${draft.random.pick(['U', 'u'])}&'d\\0061t ${content(draft, ["'", '\\'])}'`],
    "U&'' UESCAPE": [1, () => `U&'d#0061t ;' UESCAPE '#'`],
    "B'', X''": [1, () => draft.random.pick(["B'101'", "X'1F'", "x'ab'", "b''"])],
    "N''": [1, () => `${draft.random.pick(['N', 'n'])}${plain(draft)}`],
    'dollar quote': [3, () => dollarQuote(draft)],
    'unclosed quote': [0.2, () => draft.random.pick(["'", "E'a\\'", '$q$', "U&'"]), 'wild'],
  });
}

/** With standard_conforming_strings off a backslash would escape. */
function quoteMarks(draft: Draft): readonly string[] {
  return draft.standardStrings ? ["'"] : ["'", '\\'];
}

function plain(draft: Draft): string {
  return `'${content(draft, quoteMarks(draft))}'`;
}

function continued(draft: Draft, between: readonly string[]): string {
  return `'a;'${draft.random.pick(between)}'${content(draft, quoteMarks(draft))}'`;
}

function escapeString(draft: Draft): string {
  const escapes = ["\\'", '\\\\', '\\n', "''", "\\'\\'", "\\\\\\'", '\\;', '\\\n', '\\$$'];
  return `${draft.random.pick(['E', 'e'])}'${draft.random.pick(escapes)}${content(draft, ["'", '\\'])};${draft.random.pick(escapes)}'`;
}

export function dollarQuote(draft: Draft): string {
  const tag = draft.random.pick(['', '', 'q', 'body', '_1', 'ä', 'Ünï1', '日本']);
  if (/[^\x20-\x7e]/.test(tag)) draft.note('dollar quote with a tag beyond ASCII');
  const inside = tag === '' ? "' ; $1 $ " : `' $$;$$ $other${tag}$ $ `;
  return `$${tag}$${content(draft, ['$'])}${inside}${content(draft, ['$'])}$${tag}$`;
}

export function identifier(draft: Draft): string {
  return draft.choose({
    _plain: [6, () => draft.random.pick(['a', 'b2', 'tbl', '_c', 'Value', 'ünï', 'x1y'])],
    'dollar inside an identifier': [1, () => draft.random.pick(['a$b$c', 'a$b$', 'a$1', 'a$$', 'é$q$'])],
    'quoted identifier': [3, () => `"i${content(draft, ['"'])}"`],
    'quoted identifier of doubled quotes': [1, () => `"a"";""${content(draft, ['"'])}"`],
    'U&""': [1, () => `U&"d\\0061t${content(draft, ['"', '\\'])}"`],
    'NBSP in an identifier': [0.3, () => 'n\u00a0b'],
    ':"variable"': [3, () => quotedVariable(draft)],
    'unclosed identifier': [0.1, () => '"', 'wild'],
  });
}

function quotedVariable(draft: Draft): string {
  const variable = draft.variable('number', 'expression', 'statement', 'text');
  return variable ? `:"${variable.name}"` : 'plain';
}

export function number(draft: Draft): string {
  return draft.choose({
    _plain: [6, () => String(draft.random.between(0, 100))],
    'odd number': [
      2,
      () => draft.random.pick(['1.5', '.5', '1.', '1e3', '1.5E-3', '0x1F', '1_000', '0b1', '$1', '$2']),
    ],
    'number glued to letters': [
      0.5,
      () => draft.random.pick(['1a', '1e', '0xg', '1.5x$y$', '1:x', '$1a', '1$q$']),
      'wild',
    ],
  });
}

/** Between two tokens. */
export function gap(draft: Draft): string {
  return draft.choose({
    _blank: [60, () => ' '],
    _line: [8, () => '\n'],
    _indented: [4, () => draft.random.pick(['\n    ', '  ', '\t', ' \n'])],
    'blank lines in a statement': [2, () => draft.random.pick(['\n\n', '\n \n', '\n\n\n\t'])],
    'odd white space': [2, () => draft.random.pick(['\r', '\f', '\r\n', ' \f ', '\r\r'])],
    'block comment': [3, () => blockComment(draft)],
    'nested block comment': [1.5, () => `/* a ${blockComment(draft)} ; /**/ '*/`],
    'line comment': [3, () => lineComment(draft)],
    'line comment ended by CR': [0.7, () => ` --${commentText(draft)}\r`],
    'command inside a statement': [0.7, () => commandInside(draft)],
    'VT or NBSP as white space': [1, () => draft.random.pick([' \v', '\u00a0', '\v']), 'wild'],
  });
}

export function blockComment(draft: Draft): string {
  return draft.random.pick([
    '/**/',
    '/***/',
    `/*${content(draft, ['/*', '*/', '*', '/'])}*/`,
    "/* ; ' */",
    '/*\n\n;*/',
    '/* * / */',
  ]);
}

export function lineComment(draft: Draft): string {
  return `${draft.random.pick([' ', ' ', ''])}--${commentText(draft)}\n`;
}

function commentText(draft: Draft): string {
  return `${draft.random.pick([' ', '', '-'])}${content(draft, ['\n', '\r'])}`.replaceAll(/[\n\r]/g, ' ');
}

function commandInside(draft: Draft): string {
  const { random } = draft;
  const command = random.pick([
    '\\echo mid',
    '\\p',
    '\\set mid 3',
    "\\qecho 'mid ;'",
    '\\timing off',
    '\\unset mid',
  ]);
  return `${random.pick([' ', '\n'])}${command}${random.pick(['\n', '\n', ' \\\\ ', '\\\\ '])}`;
}
