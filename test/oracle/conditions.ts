import type { Blocks, Draft } from './draft.js';
import { statement } from './statements.js';

const TRUE = ['true', 'TRUE', 'on', 'ON', 'yes', 'y', 't', 'tr', '1', "'tRuE'", "'on'"] as const;
const FALSE = ['false', 'FALSE', 'off', 'of', 'no', 'n', 'f', 'fal', '0', "'no'"] as const;
/** psql says that these are no booleans, and takes them for false. */
const NEITHER = [
  'o',
  'maybe',
  '',
  'truely',
  'true true',
  "''",
  "'true '",
  ':nope',
  '2x',
  '01',
  'not true',
  '"true"',
] as const;

/** `\if` … `\endif` around whole blocks or pieces of one statement. */
export function condition(draft: Draft, blocks: Blocks): string {
  if (draft.nesting >= 3) return 'SELECT 1;\n';
  draft.nesting += 1;
  const made = draft.choose({
    '\\if': [6, () => branches(draft, blocks)],
    '\\if inside a statement': [2, () => insideStatement(draft)],
    '\\if on one line': [1, () => `\\if ${value(draft).text} \\\\ SELECT 1; \\else \\\\ SELECT 2; \\endif\n`],
    '\\if faulty': [
      1.2,
      () =>
        draft.random.pick([
          '\\endif\n',
          '\\else\n',
          '\\elif true\n',
          '\\if true\n',
          '\\if false\n',
          '\\if 0\n\\else\n\\else\n\\endif\n',
        ]),
      'wild',
    ],
  });
  draft.nesting -= 1;
  return made;
}

function branches(draft: Draft, blocks: Blocks): string {
  let taken = false;
  const branch = (command: string, holds: boolean): string => {
    const alive = holds && !taken;
    taken ||= holds;
    const inside = alive ? blocks(draft, draft.random.between(0, 2)) : dead(draft, blocks);
    return `${command}${draft.random.pick(['\n', '\n', ' \n', ' \\\\\n'])}${inside}`;
  };
  const { text, holds } = value(draft);
  let made = branch(`\\if ${text}`, holds);
  while (draft.random.chance(0.3)) {
    draft.note('\\elif');
    const next = value(draft);
    made += branch(`\\elif ${next.text}`, next.holds);
  }
  if (draft.random.chance(0.5)) {
    draft.note('\\else');
    made += branch('\\else', true);
  }
  return `${made}\\endif${draft.random.pick(['\n', '\n', ' \\\\ ', ' \n'])}`;
}

function value(draft: Draft): { text: string; holds: boolean } {
  const { random } = draft;
  if (random.chance(0.15)) {
    draft.note('\\if of no boolean');
    return { text: random.pick(NEITHER), holds: false };
  }
  if (random.chance(0.25)) {
    draft.note('\\if :{?variable}');
    const known = draft.variable()?.name;
    return known === undefined || random.chance(0.3)
      ? { text: ':{?nope}', holds: false }
      : { text: `:{?${known}}`, holds: true };
  }
  const holds = random.chance(0.5);
  return { text: random.pick(holds ? TRUE : FALSE), holds };
}

/** A branch that is not taken: psql looks for its end only. */
function dead(draft: Draft, blocks: Blocks): string {
  return draft.dead(() => {
    const lines = Array.from({ length: draft.random.between(0, 3) }, () => garbage(draft, blocks));
    return lines.join('');
  });
}

function garbage(draft: Draft, blocks: Blocks): string {
  const { random } = draft;
  return draft.choose({
    _blocks: [3, () => blocks(draft, 1)],
    'quotes in a dead branch': [
      1,
      () =>
        random.pick([
          "'\n\\endif\n\\else '\n",
          '"\n\\endif" ;\n',
          '$$\n\\else\n$$\n',
          '/* \\endif\n\\endif */\n',
          "E'\\'\n\\endif'\n",
        ]),
    ],
    'parentheses in a dead branch': [1, () => random.pick(['(\n', '((;\n', ')) \n', 'select ( ;\n'])],
    'commands in a dead branch': [
      1.5,
      () =>
        random.pick([
          '\\i missing.sql\n',
          '\\q\n',
          '\\gset\n',
          "\\set y 'open\n",
          '\\unset x\n',
          '\\echo :nope\n',
          '\\r\n',
          '\\g\n',
          "\\copy t from 'missing'\n",
          '\\include_relative x\n',
          '\\cd missing\n',
        ]),
    ],
    'COPY in a dead branch': [1, () => `COPY t FROM stdin;\n1\t2\n;\n`],
    'unfinished statement in a dead branch': [
      1,
      () => random.pick(['SELECT 1\n', 'create function f() begin atomic\n', 'a b c\n', ': : :x\n']),
    ],
    'nested \\if in a dead branch': [
      1,
      () =>
        `\\if ${random.pick([...TRUE, ...FALSE, ...NEITHER])}\n${statement(draft)};\n\\elif ${random.pick(NEITHER)}\n\\else\nx\n\\endif\n`,
    ],
    'wrong command in a dead branch': [0.8, () => random.pick(['\\.\n', '\\nonsense\n', '\\\n']), 'wild'],
  });
}

/** What is not taken may be nonsense, but its quotes must end. */
function insideStatement(draft: Draft): string {
  const { random } = draft;
  const alive = random.pick([', 2', ', (2)', '; SELECT 2', '', ", 'two;'", '-- two']);
  const dead = random.pick([', 3', ', (3', ') , 3', ', "three;"', '/* three */', ';', '; three', "'3'"]);
  const { text, holds } = value(draft);
  const otherwise = random.pick(['', '\\else\n', '\\elif true\n']);
  const second = otherwise === '' ? '' : `${otherwise}${holds ? dead : alive}\n`;
  return `SELECT 1\n\\if ${text}\n${holds ? alive : dead}\n${second}\\endif\n;\n`;
}
