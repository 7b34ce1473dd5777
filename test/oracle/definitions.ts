import type { Draft, Variable, VariableKind } from './draft.js';

/** `-v name=value`, `\set` and `\unset`. */

const NAMES = ['x', 'y', 'X', 'name_1', '_', 'ünï', '名', '1', '2x', 'größe'] as const;

interface Value {
  readonly text: string;
  readonly kind: VariableKind;
}

/** As values of `-v`, and, within quotes, of `\set`. */
function plainValue(draft: Draft): Value {
  const { random } = draft;
  const kind = random.pick([
    'number',
    'number',
    'expression',
    'expression',
    'statement',
    'text',
    'text',
  ] as const);
  switch (kind) {
    case 'number':
      return { kind, text: String(random.between(0, 99)) };
    case 'expression':
      return { kind, text: random.pick(EXPRESSIONS) };
    case 'statement':
      return { kind, text: random.pick(STATEMENTS) };
    case 'text':
      draft.note('value of odd characters');
      return { kind, text: random.pick(TEXTS) };
  }
}

const EXPRESSIONS = [
  "'quoted ; '''",
  '(1 + 2)',
  '"A b"',
  "E'\\';'",
  '$$ ; $$',
  '1 /* ; */',
  "U&'\\0061'",
  'f(1,\n\n2)',
  'ünï',
  ' 7 ',
] as const;
const STATEMENTS = [
  'SELECT 1',
  'SELECT 1; SELECT 2',
  "SELECT ';' ;",
  'SELECT 1;\n\nSELECT 2',
  'SELECT (1);-- c',
  ' select $a$;$a$',
] as const;
const TEXTS = [
  '1 -- c;',
  "it's",
  ';',
  'a;b',
  '"',
  '--',
  '/*',
  '(',
  ')',
  '\\',
  'a\\b',
  '日本語 ü',
  'line\nbreak',
  '\n\n',
  "'",
  "''",
  '$$',
  ':x',
  ":'x'",
  ':y :x',
  '\u00a0',
  '\\echo hi',
  'a b  c',
] as const;

export function defineArguments(draft: Draft): void {
  const count = draft.random.pick([0, 0, 1, 2, 3]);
  for (let index = 0; index < count; index++) {
    const name = draft.random.pick(NAMES);
    const { text, kind } = plainValue(draft);
    draft.note('-v name=value');
    draft.args.push('-v', `${name}=${text}`);
    draft.define({ name, kind });
  }
}

/** A line with `\set` or `\unset`. */
export function definition(draft: Draft): string {
  const { random } = draft;
  const name = random.pick(NAMES);
  return draft.choose({
    '\\set unquoted': [3, () => set(draft, { name, kind: 'number' }, String(random.between(0, 99)))],
    '\\set quoted': [6, () => quotedSet(draft, name)],
    '\\set of several arguments': [
      2,
      () => set(draft, { name, kind: 'number' }, random.pick(['1 2 3', "1'2'3", "'1' '2'", '4\t5 '])),
    ],
    '\\set with escapes': [
      2,
      () =>
        set(
          draft,
          { name, kind: 'text' },
          random.pick(["'a\\nb'", "'\\x41\\x3b'", "'\\101\\73'", "'\\t''\\''", "'\\\\'", "'\\q\\0601'"]),
        ),
    ],
    '\\set of a variable': [3, () => setOfVariable(draft, name)],
    '\\set of itself': [1, () => recursion(draft)],
    '\\set with a ;': [
      1.5,
      () => set(draft, { name, kind: 'text' }, random.pick(['5;', "'a' ;", ';', '1; 2'])),
    ],
    '\\set without a value': [1, () => set(draft, { name, kind: 'empty' }, '')],
    '\\set of double quotes': [
      1,
      () => set(draft, { name, kind: 'expression' }, random.pick(['"Ab"', '"a b"', '"a"";"'])),
    ],
    '\\unset': [1.5, () => unset(draft)],
    '\\set faulty': [
      0.5,
      () =>
        random.pick([
          "\\set x 'open\n",
          '\\set bad-name 1\n',
          '\\set\n',
          '\\set a:b 1\n',
          '\\unset\n',
          '\\set x "open\n',
        ]),
      'wild',
    ],
  });
}

function set(draft: Draft, variable: Variable, value: string): string {
  draft.define(variable);
  return `\\set${draft.random.pick([' ', '  ', '\t'])}${variable.name} ${value}${draft.random.pick(['\n', '\n', '\n', ' \n', ' \\\\\n'])}`;
}

function quotedSet(draft: Draft, name: string): string {
  const { text, kind } = plainValue(draft);
  const quoted = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll("'", draft.random.pick(["''", "\\'"]));
  return set(draft, { name, kind }, `'${quoted}'`);
}

function setOfVariable(draft: Draft, name: string): string {
  const found = draft.variable();
  if (found === undefined) return set(draft, { name, kind: 'text' }, ":'undefined'");
  const other = found.name === name ? `${name}_` : name;
  // Double quotes are kept as they are, and nothing in them is replaced.
  const [value, kind] = draft.random.pick([
    [`:${found.name}`, found.kind],
    [`:'${found.name}'`, 'expression'],
    [`:"${found.name}"`, found.kind === 'empty' ? 'empty' : 'expression'],
    [`':${found.name}'`, 'text'],
    [`a:${found.name}b`, 'text'],
    [`:{?${found.name}}`, 'expression'],
    [`::${found.name}`, 'text'],
  ] as const);
  return set(draft, { name: other, kind }, value);
}

/** psql warns, and leaves what would never end as it is. */
function recursion(draft: Draft): string {
  const texts = [
    "\\set r ':r'\n",
    "\\set r ':s'\n\\set s ':r + 1'\n",
    "\\set r '1 + :s'\n\\set s 2\n",
  ] as const;
  const text = draft.random.pick(texts);
  draft.define({ name: 'r', kind: text === texts[2] ? 'expression' : 'text' });
  return `${text}${draft.wild || text === texts[2] ? 'SELECT :r;\n' : ''}`;
}

function unset(draft: Draft): string {
  const name = draft.variable()?.name ?? 'x';
  draft.undefine(name);
  return `\\unset ${name}\n`;
}
