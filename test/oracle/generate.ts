import { behaviour } from './behaviour.js';
import { condition } from './conditions.js';
import { copy } from './copies.js';
import { defineArguments, definition } from './definitions.js';
import { Draft } from './draft.js';
import { include } from './includes.js';
import { blockComment, lineComment } from './lexemes.js';
import type { Random } from './random.js';
import type { GeneratedScript } from './script.js';
import { sentence } from './sending.js';
import { statement } from './statements.js';

/**
 * Makes up a script in psql's language that is hard to read: every kind of token in every place, commands, variables,
 * conditions, included files and inline data. The same seed gives the same script.
 *
 * It knows psql's rules only so far that most scripts are SQL and come to their end; whether one does is for psql to tell.
 */
export function generateScript(random: Random, kind: 'any' | 'live' = 'any'): GeneratedScript {
  const draft = new Draft(random, random.chance(0.3), kind === 'live');
  if (draft.wild) draft.note('wild');
  defineArguments(draft);
  draft.files.set('main.sql', '');
  draft.files.set('main.sql', `${blocks(draft, random.between(2, 9))}${ending(draft)}`);
  const files = [...draft.files].map(([name, text]) => [name, Buffer.from(asStored(draft, text))] as const);
  return { files: Object.fromEntries(files), args: draft.args, features: draft.features };
}

/** Statements and commands one after the other. */
function blocks(draft: Draft, count: number): string {
  let text = '';
  for (let index = 0; index < count; index++) {
    // A comment at the end of the last block would take the first line of this one.
    if (text !== '' && !/[\n\r]$/.test(text)) text += draft.random.chance(0.5) ? ' ' : '\n';
    text += block(draft);
  }
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function block(draft: Draft): string {
  return draft.choose({
    _sentence: [20, () => sentence(draft)],
    _definition: [8, () => definition(draft)],
    _condition: [3, () => condition(draft, blocks)],
    _include: [3, () => include(draft, blocks)],
    _copy: [4.5, () => copy(draft)],
    _command: [3, () => command(draft)],
    _behaviour: [draft.live ? 10 : 0, () => behaviour(draft, blocks)],
    'line comment between statements': [1.5, () => lineComment(draft)],
    'block comment between statements': [
      1.5,
      () => `${blockComment(draft)}${draft.random.pick(['\n', ' '])}`,
    ],
    'blank lines between statements': [1, () => draft.random.pick(['\n\n', ' \n', '\t\n\n', '\r\n', '\f\n'])],
  });
}

/** Commands that send nothing. */
function command(draft: Draft): string {
  const { random } = draft;
  return draft.choose({
    '\\echo': [
      4,
      () =>
        `\\${random.pick(['echo', 'qecho', 'warn'])} ${random.pick(['hi', '\'a ;\' "b" :x', ":'x' -n", '-n a', '', "'it''s' \\\\ SELECT 1;", '; SELECT 1;', '/* a', '-- b'])}\n`,
    ],
    '\\encoding': [1, () => `\\encoding ${random.pick(['UTF8', 'utf8', "'UTF8'", 'utf-8', ''])}\n`],
    '\\timing, \\pset': [
      1.5,
      () =>
        random.pick([
          '\\timing off\n',
          '\\pset null x\n',
          "\\pset null '(;)'\n",
          '\\pset format unaligned\n',
          '\\timing off \\\\ SELECT 1;\n',
        ]),
    ],
    '\\cd': [1, () => random.pick(['\\cd .\n', "\\cd '.'\n"])],
    '\\restrict': [0.7, () => '\\restrict k1\nSELECT 1;\n\\unrestrict k1\n'],
    '\\q': [0.25, () => random.pick(['\\q\n', 'SELECT 1 \\q\n', '\\echo x \\q\n', '\\q \\\\ SELECT 1;\n'])],
    'several commands on a line': [
      1.5,
      () =>
        random.pick([
          '\\set z 1 \\\\ \\echo :z \\\\ SELECT :z;\n',
          '\\echo a \\echo b\n',
          '\\set z 2\\\\SELECT :z;\n',
          '\\p\\p\\r\n',
          '\\timing off\\echo x\n',
        ]),
    ],
    'wrong command': [
      1,
      () =>
        random.pick([
          '\\nonsense\n',
          '\\\n',
          '\\.\n',
          "\\echo 'open\n",
          '\\endif\n',
          '\\ SELECT 1;\n',
          '\\:\n',
        ]),
      'wild',
    ],
  });
}

/** How the main file ends. */
function ending(draft: Draft): string {
  return draft.choose({
    _whole: [8, () => ''],
    'file without ; at its end': [
      2,
      () => `${statement(draft)}${draft.random.pick(['\n', '', ' ', '\n\n'])}`,
    ],
    'file without a line break at its end': [
      2,
      () => draft.random.pick(['SELECT 1;', 'SELECT 1; -- end', '-- end', '\\echo end', '/* end */', '\\g']),
    ],
    'inline COPY at the end of the file': [
      1,
      () =>
        draft.random.pick([
          'COPY t FROM stdin;\n1\n\\.',
          'COPY t FROM stdin;\n1\n',
          'COPY t FROM stdin;',
          'COPY t FROM stdin;\n1',
          'COPY t FROM stdin;\n\\.\\.',
          'COPY t FROM stdin',
        ]),
    ],
    '\\q at the end': [0.7, () => draft.random.pick(['\\q', "\\q\nnot sql at all ' ( \n", 'SELECT 1 \\q x'])],
    'unclosed at the end': [
      0.5,
      () => draft.random.pick(['/* open', "'open", '(', 'SELECT $$;', '"open;\n']),
      'wild',
    ],
  });
}

/** The text as it is stored: line ends, a BOM. */
function asStored(draft: Draft, text: string): string {
  const { random } = draft;
  let stored = text;
  if (random.chance(0.08)) {
    draft.note('CRLF file');
    stored = stored.replaceAll(/\r?\n/g, '\r\n');
  }
  if (random.chance(0.06)) {
    draft.note('BOM');
    stored = `\ufeff${stored}`;
  }
  if (draft.wild && random.chance(0.08)) {
    draft.note('BOM inside a file');
    stored = stored.replace(/\n/, '\n\ufeff');
  }
  return stored;
}
