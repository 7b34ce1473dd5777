import type { Draft } from './draft.js';
import { gap } from './lexemes.js';

/** COPY … FROM STDIN with its data in the script, and `\copy`. */
export function copy(draft: Draft): string {
  const { random } = draft;
  // The line that ends the data is a command there, and a wrong one.
  if (!draft.alive && !draft.wild) return `${head(draft)};\n`;
  return draft.choose({
    'inline COPY': [
      10,
      () =>
        `${head(draft)}${random.pick([';', ';', ' ;', '\n;', ' \\g'])}${restOfLine(draft)}\n${data(draft)}${terminator(draft)}`,
    ],
    'two inline COPYs on a line': [
      1.5,
      () =>
        `${head(draft)}; ${random.pick(['COPY u FROM stdin', 'copy t(a) from STDIN csv', 'Copy"T;"/**/from stdin'])};\n${data(draft)}\\.\n${data(draft)}${terminator(draft)}`,
    ],
    'inline COPY and a statement on its line': [2, () => copyAndMore(draft)],
    'inline COPY behind a statement': [1.5, () => `SELECT 1; ${head(draft)};\n${data(draft)}\\.\n`],
    'inline COPY behind \\;': [
      0.7,
      () => `SELECT 1\\; ${head(draft)}${random.pick([';', '\\; SELECT 2;'])}\n${data(draft)}\\.\n`,
    ],
    '\\copy from a file': [3, () => copyFromFile(draft)],
    '\\copy from stdin': [
      1,
      () =>
        `\\copy t ${random.pick(['', '(a, b) '])}from ${random.pick(['stdin', 'STDIN'])}${random.pick(['', ' csv', ' with (format csv)', ' ;'])}\n${data(draft)}${terminator(draft)}`,
    ],
    '\\copy faulty': [
      2,
      () => random.pick(['\\copy t from\n', '\\copy\n', "\\copy t from 'no such file'\n", '\\copy t of x\n']),
      'wild',
    ],
  });
}

function head(draft: Draft): string {
  const { random } = draft;
  const options = random.pick([
    '',
    '',
    '',
    ' CSV',
    ' with (format csv)',
    " WITH (DELIMITER ';', NULL '')",
    ' csv header',
    " DELIMITER ';'",
    ' (FORMAT text)',
  ]);
  if (/csv/i.test(options)) draft.note('inline COPY of CSV');
  return `${random.pick(['COPY', 'copy', 'Copy'])}${gap(draft)}${random.pick(['t', 's.t', '"T;"', 't (a, b)', 't(a)'])}${gap(draft)}${random.pick(['FROM STDIN', 'from stdin', 'FROM stdin', 'FROM\nSTDIN'])}${options}`;
}

/** psql reads the data first, and goes on with the rest of the line then. */
function copyAndMore(draft: Draft): string {
  const [rest, next] = draft.random.pick([
    [" SELECT 'after', 1;", ''],
    [' SELECT 1; SELECT', ' 2;\n'],
    [" SELECT 'on and", "on;';\n"],
    [' /* on', 'and on; */\n'],
    ['SELECT (1', ');\n'],
    ["; -- ';", ''],
  ] as const);
  return `${head(draft)};${rest}\n${data(draft)}\\.\n${next}`;
}

function restOfLine(draft: Draft): string {
  return draft.choose({
    _nothing: [10, () => ''],
    'blanks behind COPY': [1.5, () => draft.random.pick([' ', '\t', '  ', '\r'])],
    'comment behind COPY': [1.5, () => draft.random.pick([' -- the data follow', ' /* ; */', '-- "'])],
    'command behind COPY': [1.5, () => ' \\echo copied'],
  });
}

const LINES = [
  '1\t2',
  '1,2',
  '\\N\t\\\\',
  "it's",
  '"quoted;"',
  '"a',
  'b"',
  ';',
  'SELECT 1;',
  ':x',
  ":'x'",
  '\\echo hi',
  '\\q',
  '\\if',
  '$$',
  '/*',
  '--',
  '',
  ' ',
  'x\\.',
  ' \\.',
  '\\.x',
  '\\\\.',
  'ünï 日本',
  '\\',
  '(',
  'COPY t FROM stdin;',
  'a\rb',
  'c\r',
  '\f',
  '\ufeff',
] as const;

function data(draft: Draft): string {
  const { random } = draft;
  const lines: string[] = Array.from({ length: random.pick([0, 1, 2, 3, 4]) }, () => random.pick(LINES));
  if (lines.length === 0) draft.note('COPY of no rows');
  if (lines.includes('x\\.') || lines.includes('\\.x')) draft.note('\\. inside a line of data');
  if (random.chance(0.05)) {
    draft.note('long line of data');
    lines.push('long '.repeat(random.between(1500, 4000)));
  }
  return lines.map((line) => `${line}\n`).join('');
}

function terminator(draft: Draft): string {
  return draft.choose({
    _plain: [9, () => '\\.\n'],
    '\\. with CR': [2, () => '\\.\r\n'],
    '\\. with blanks behind it': [
      1.5,
      () => draft.random.pick(['\\. \n\\.\n', '\\.\t\n\\.\n', '\\.;\n\\.\n', '\\.\r\r\n\\.\n']),
    ],
    '\\. missing': [0.3, () => ''],
  });
}

function copyFromFile(draft: Draft): string {
  const { random } = draft;
  const name = random.pick(['data.txt', 'sub/data.csv', 'odd name.txt', "it's.txt"]);
  draft.files.set(
    name,
    random.pick(['1\t2\n', '', '1,2\n3,4', '\\.\n', 'a;b\n\\.\nc\n', 'x\r\ny\r\n', "it's :x\n"]),
  );
  const quoted = `'${name.replaceAll("'", "''")}'`;
  const path = /^[\w./]+$/.test(name) && random.chance(0.5) ? name : quoted;
  const target = random.pick(['t', 't(a,b)', 't (a, b)', 's.t', '"T x"', 't ( "a;b" )']);
  const options = random.pick([
    '',
    ' csv',
    ' with (format csv, header)',
    " delimiter ';'",
    " WITH NULL 'x' ",
    ' ;',
    ' csv;',
  ]);
  return `\\copy ${target} ${random.pick(['from', 'FROM'])} ${path}${options}\n`;
}
