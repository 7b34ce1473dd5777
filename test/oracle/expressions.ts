import type { Draft } from './draft.js';
import { gap, identifier, number, string } from './lexemes.js';

/** Tokens with white space, comments and now and then a command between them. */
export function tokens(draft: Draft, ...parts: readonly string[]): string {
  return parts.reduce((text, part) => `${text}${gap(draft)}${part}`);
}

/** Expressions in a list. */
export function list(draft: Draft, make: () => string = () => expression(draft)): string {
  const items = Array.from({ length: draft.random.between(1, 3) }, make);
  return items.join(draft.random.pick([', ', ',', ',', ' ,\n  ', ', -- one more\n']));
}

/** SQL that the server's parser takes in place of an expression, unless the script is wild. */
export function expression(draft: Draft): string {
  if (draft.nesting >= 3) return leaf(draft);
  draft.nesting += 1;
  const made = draft.choose({
    _leaf: [8, () => leaf(draft)],
    _operation: [3, () => tokens(draft, leaf(draft), operator(draft), leaf(draft))],
    _parentheses: [2, () => `(${tokens(draft, expression(draft))})`],
    'parentheses with comments and breaks': [1, () => `(${gap(draft)}${expression(draft)}${gap(draft)})`],
    ':: cast': [
      2,
      () =>
        `${leaf(draft)}${draft.random.pick(['::', ' :: ', '::\n', '/**/::/**/'])}${draft.random.pick(['text', 'int[]', '"char"'])}`,
    ],
    'array slice': [2, () => slice(draft)],
    ':= or =>': [
      1,
      () => `f(a ${draft.random.pick([':=', ':= ', '=>'])}${leaf(draft)}, b := ${leaf(draft)})`,
    ],
    'CASE … END': [1.5, () => caseExpression(draft)],
    _call: [1, () => `f(${list(draft)})`],
    _array: [1, () => `ARRAY[${list(draft)}]`],
    _query: [1, () => `(${tokens(draft, 'SELECT', expression(draft))})`],
    'unbalanced parenthesis': [0.3, () => draft.random.pick(['(', ')', '((1)', '(1))']), 'wild'],
    'word that means something to psql': [
      0.5,
      () => draft.random.pick(['atomic', 'copy', '"end"', 't.end', 't.case', 'begin']),
    ],
  });
  draft.nesting -= 1;
  return made;
}

function caseExpression(draft: Draft): string {
  const [when, then] = [expression(draft), expression(draft)];
  return `${draft.random.pick(['CASE', 'case', 'Case'])} ${tokens(draft, 'WHEN', when, 'THEN', then)} ${draft.random.pick(['ELSE 1 END', 'end', 'END'])}`;
}

function leaf(draft: Draft): string {
  return draft.choose({
    _number: [4, () => number(draft)],
    _string: [5, () => string(draft)],
    _identifier: [3, () => identifier(draft)],
    _variable: [5, () => variable(draft)],
  });
}

/** `:` and its forms. What is not defined stays as it is, and is then often no SQL. */
function variable(draft: Draft): string {
  return draft.choose({
    ':variable': [4, () => plainVariable(draft)],
    ":'variable'": [3, () => literalVariable(draft)],
    ':{?variable}': [1.5, () => `:{?${draft.variable()?.name ?? 'nope'}}`],
    ':{?undefined}': [0.7, () => draft.random.pick([':{?nope}', ':{?x_}', ':{?größe}'])],
    'undefined variable': [
      0.6,
      () => draft.random.pick([':nope', ":'nope'", ':"nope"', ':{?}', ":''", ':{?a b}', ':']),
      'wild',
    ],
    'undefined variable in a slice': [
      0.5,
      () => draft.random.pick(['a[1:nope]', 'a[1:"nope"]', "a[:'nope']"]),
    ],
    'glued variable': [1, () => gluedVariable(draft)],
    'variable of any value': [0.5, () => `:${draft.variable()?.name ?? 'nope'}`, 'wild'],
  });
}

function plainVariable(draft: Draft): string {
  const found = draft.variable('number', 'expression');
  return found ? `:${found.name}` : '1';
}

function literalVariable(draft: Draft): string {
  const found = draft.variable();
  return found ? `:'${found.name}'` : "'no variable'";
}

/** A variable with nothing between it and what stands next to it. */
function gluedVariable(draft: Draft): string {
  const found = draft.variable('number');
  if (found === undefined) return '1';
  const use = `:${found.name}`;
  return draft.random.pick([
    `${use}::int`,
    `(${use})`,
    `1+${use}`,
    `${use}-1`,
    `-${use}`,
    `a=${use}`,
    `${use}/**/`,
    `1 -${use}.5`,
    `9${use}`,
    `${use}*${use}`,
  ]);
}

/** PostgreSQL's slices look like variables: `[1:2]` uses the variable 2. */
function slice(draft: Draft): string {
  const { random } = draft;
  const found = draft.variable('number')?.name;
  const bounds = ['1:2', ':', ':2', '1:', '1 : 2', '1:lo', 'x :lo', "1:'lo'", ': lo'];
  if (found !== undefined)
    bounds.push(`:${found}`, `:${found} : 2`, `1 : :${found}`, `1:/**/:${found}`, `:${found}::int`);
  return `${random.pick(['a', '(ARRAY[1,2])', '"t"', "('{1}'::int[])"])}[${random.pick(bounds)}]`;
}

export function operator(draft: Draft): string {
  return draft.choose({
    _plain: [
      5,
      () => draft.random.pick(['+', '-', '*', '/', '=', '<>', '<=', 'AND', 'OR', 'IS DISTINCT FROM']),
    ],
    'operator of -, / or *': [
      2,
      () => draft.random.pick(['@-', '*/', '/@', '->', '->>', '#-', '@-@', '<->', '@*', '-/', '/-/', '**']),
    ],
    'operator before a comment': [
      1.5,
      () => draft.random.pick(['@/*;*/', '#--;\n', '+/* (*/', '- --\n', '</* ; */', '->--"\n']),
    ],
    'operator of @, #, ? and others': [
      1,
      () => draft.random.pick(['@>', '#>', '?', '?&', '~*', '~', '%', '^', '&&', '==']),
    ],
  });
}
