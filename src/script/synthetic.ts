import { statementFacts } from './facts.js';
import { NO_DIRECTIVES } from './statement-directives.js';
import type { Parsed } from './syntax.js';
import type { Place } from '../model/place.js';
import type { CopyData, Statement, StatementFacts } from '../model/script.js';
import type { ScriptWalk } from './walk.js';

/** SQL that a command makes: whatever is wrong in it is wrong at the command. */
function sourceText(sql: string, { line, column }: Place): Statement['text'] {
  return [{ kind: 'value', text: sql, line, column }];
}

/** The whole of a file, or of standard input. */
export function fileData(
  file: { readonly kind: string; readonly path?: string },
  walk: ScriptWalk,
): CopyData {
  const path = file.path === undefined ? '/dev/stdin' : walk.resolvePath(file.path);
  return { from: { path }, name: file.path ?? '<stdin>', span: undefined, line: 1 };
}

/** Of a statement that no text in the script stands for as it is. */
export const SYNTHETIC = {
  span: { start: 0, end: 0 },
  directives: NO_DIRECTIVES,
  terminated: false,
} as const;
export const NO_FACTS: StatementFacts = {
  node: '',
  count: 0,
  control: 'none',
  alone: false,
  session: 'none',
};

/** What stands for a command, whose text is parsed. */
export function synthetic(sql: string, place: Place, parsed: Parsed): Omit<Statement, 'index' | 'show'> {
  const nodes = parsed.kind === 'parsed' ? parsed.nodes : [];
  return { ...SYNTHETIC, place, text: sourceText(sql, place), facts: statementFacts(nodes, sql) };
}
