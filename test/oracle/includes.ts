import { posix } from 'node:path';
import type { Blocks, Draft } from './draft.js';
import { statement } from './statements.js';

/** `\i`, `\ir` and their long names, with the files that they include. */
export function include(draft: Draft, blocks: Blocks): string {
  if (draft.depth >= 3) return 'SELECT 1;\n';
  const bare = (): string => command(draft, includedFile(draft, blocks));
  const inside = (): string => `${bare()}\n`;
  const file = (): string => `${bare()}${lineEnd(draft)}`;
  return draft.choose({
    '\\i': [5, file],
    '\\i inside a statement': [2, () => `SELECT 1,\n${inside()}2;\n`],
    '\\i behind a statement': [1, () => `SELECT 1; ${file()}`],
    '\\i inside parentheses': [0.7, () => `SELECT (1\n${inside()});\n`],
    '\\i of a variable': [0.7, () => variablePath(draft, blocks)],
    '\\i faulty': [
      2,
      () =>
        draft.random.pick(['\\i missing.sql\n', '\\i\n', '\\ir missing.sql\n', "\\i 'open\n", '\\i sub\n']),
      'wild',
    ],
  });
}

const DIRECTORIES = ['', '', 'sub', 'sub/deep', 'odd dir', 'ünï'] as const;

/** Writes a file, and returns its path from the top. */
function includedFile(draft: Draft, blocks: Blocks): string {
  const { directory, nesting, random } = draft;
  draft.directory = random.pick(DIRECTORIES);
  const path = posix.join(
    draft.directory,
    `${random.pick(['inc', 'a b', "it's", 'ü'])}${draft.serial()}.sql`,
  );
  draft.depth += 1;
  draft.nesting = 0;
  draft.files.set(path, '');
  draft.files.set(path, `${blocks(draft, random.between(0, 3))}${ending(draft)}`);
  draft.depth -= 1;
  Object.assign(draft, { directory, nesting });
  return path;
}

function ending(draft: Draft): string {
  return draft.choose({
    _whole: [5, () => ''],
    'included file with an unfinished statement': [
      2,
      () => draft.random.pick([statement(draft), 'SELECT 1\n', 'SELECT 1 -- no line break']),
    ],
    '\\q in an included file': [
      1,
      () => draft.random.pick(['\\q\nSELECT 1;\n', 'SELECT 2 \\q\n', 'SELECT 1; \\q \\echo x\n']),
    ],
    'included file without a line break': [
      1,
      () => draft.random.pick(['SELECT 1;', '\\echo x', '\\set last 1']),
    ],
  });
}

function command(draft: Draft, path: string): string {
  const { random } = draft;
  if (random.chance(0.4)) {
    draft.note('\\ir');
    const word = random.pick(['\\ir', '\\ir', '\\include_relative']);
    return `${word} ${quoted(draft, posix.relative(draft.directory, path))}`;
  }
  return `${random.pick(['\\i', '\\i', '\\include'])} ${quoted(draft, path)}`;
}

function quoted(draft: Draft, path: string): string {
  if (/^[^\s']+$/.test(path) && draft.random.chance(0.6)) return path;
  return `'${path.replaceAll("'", "''")}'`;
}

function lineEnd(draft: Draft): string {
  return draft.random.pick(['\n', '\n', '\n', ' \n', ' \\\\ SELECT 0;\n', ' \\echo included\n']);
}

function variablePath(draft: Draft, blocks: Blocks): string {
  const path = includedFile(draft, blocks);
  draft.define({ name: 'path', kind: 'text' });
  return `\\set path '${path.replaceAll("'", "''")}'\n\\i ${draft.random.pick([':path', ':path  ', "'':path"])}\n`;
}
