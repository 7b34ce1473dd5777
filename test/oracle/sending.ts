import type { Draft } from './draft.js';
import { gap, lineComment } from './lexemes.js';
import { select, statement } from './statements.js';

/** A statement and what sends it, or throws it away. */
export function sentence(draft: Draft): string {
  const { random } = draft;
  return draft.choose({
    _semicolon: [30, () => `${statement(draft)}${semicolon(draft)}`],
    'several statements on a line': [
      3,
      () => [1, 2, 3].map(() => `${statement(draft)};`).join(random.pick(['', ' '])),
    ],
    '\\g': [2.5, () => `${statement(draft)}${random.pick([' ', '', '\n'])}\\g${lineEnd(draft)}`],
    '\\gx': [1, () => `${statement(draft)}${random.pick([' ', '\n'])}\\gx${lineEnd(draft)}`],
    '\\g (option=value)': [
      0.7,
      () => `${select(draft)} \\g (${random.pick(['format=csv', 'expanded=on', 'null=x'])})${lineEnd(draft)}`,
    ],
    '\\g with nothing before it': [0.5, () => `\\g${lineEnd(draft)}`],
    '\\;': [
      3,
      () =>
        `${statement(draft)}${gap(draft)}\\;${random.pick(['', ' ', '\n'])}${statement(draft)}${random.pick([';', '\\;;', ' \\g\n'])}`,
    ],
    '\\r': [2, () => reset(draft)],
    '\\p': [
      1.5,
      () => `${statement(draft)}${random.pick([' \\p\n;', ' \\p \\g\n', '\n\\p\n\\g\n', '\\p\\g\n'])}`,
    ],
    '\\gset': [1, () => gset(draft)],
    '\\gexec': [0.8, () => gexec(draft)],
    '\\gdesc': [0.5, () => `${select(draft)} \\gdesc${lineEnd(draft)}`],
    'two statements, one line break': [1, () => `${statement(draft)};${gap(draft)}${statement(draft)}\n;`],
  });
}

export function semicolon(draft: Draft): string {
  return draft.choose({
    _plain: [20, () => ';\n'],
    _spaced: [3, () => draft.random.pick([' ;\n', '\n;\n', ' ; '])],
    ';;': [1, () => draft.random.pick([';;\n', '; ;\n'])],
    'comment behind ;': [2, () => `;${lineComment(draft)}`],
    'block comment behind ;': [1, () => `; /* ; ${draft.random.pick(['\n', ''])} */ `],
    'command behind ;': [
      1.5,
      () => `;${draft.random.pick([' ', ''])}\\echo ${draft.random.pick(['done', "'a ; b'", ':x', ''])}\n`,
    ],
    'NBSP behind ;': [1, () => ';\u00a0\n', 'wild'],
  });
}

/** The end of a command's arguments: of the line, or of the command. */
function lineEnd(draft: Draft): string {
  return draft.choose({
    _line: [8, () => draft.random.pick(['\n', '\n', ' \n'])],
    'command behind a command': [1, () => draft.random.pick([' \\echo next\n', '\\echo next\n', ' \\g\n'])],
    '\\\\': [1.5, () => draft.random.pick([' \\\\ ', '\\\\', ' \\\\\n', '\\\\ \\echo x \\\\ '])],
  });
}

function reset(draft: Draft): string {
  const { random } = draft;
  const thrown = random.pick([
    'SELECT 1',
    'SELECT 1; not sql (',
    'SELECT ((1',
    'create function f() begin atomic; select',
    'x',
    '/* c */',
  ]);
  return `${thrown}${random.pick([' ', '\n'])}\\r${random.pick(['\n', ' \n', ' \\\\\n', '\\\\ '])}`;
}

function gset(draft: Draft): string {
  const { random } = draft;
  const prefix = random.pick(['', '', 'p_', 'ü']);
  const column = random.pick(['a', 'b', 'Größe', 'x']);
  const [value, kind] = random.pick([
    ['=5', 'number'],
    ['=%27a%3b%27%27%27', 'expression'],
    ['=it%27s%3b%0a%3ax', 'text'],
    ['=', 'empty'],
    ['=select%201%3b', 'statement'],
    ['', undefined],
  ] as const);
  const name = `${prefix}${column}`;
  if (kind === undefined) draft.undefine(name);
  else draft.define({ name, kind });
  const query = random.pick(['SELECT', 'select', 'INSERT INTO t VALUES (1) RETURNING']);
  const rows = draft.wild && random.chance(0.1) ? 'rows a=1;a=2' : `row ${column}${value},other=1`;
  return `${query} /*${rows}*/ 1${random.pick([' ', '\n'])}\\gset${prefix === '' ? '' : ` ${prefix}`}${lineEnd(draft)}`;
}

function gexec(draft: Draft): string {
  const rows = draft.random.pick([
    'row a=select%201',
    'rows a=select%20%27%3b%27,b=select%202;a=create%20table%20t(),b',
    'rows a=;a=select%20%27%3ax%27',
    'row a=select%201%3b%20select%202',
  ]);
  return `SELECT /*${rows}*/ 1 \\gexec${lineEnd(draft)}`;
}
