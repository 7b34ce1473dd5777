import { createHash } from 'node:crypto';
import { isChunkSplit, type ChunkSplit, type Script, type Statement } from '../model/script.js';
import { renderTemplate } from '../script/template.js';
import { cut } from './units.js';

/** The statements of scripts that are split over a table. */
export interface WalkedStatement {
  readonly statement: Statement;
  readonly split: ChunkSplit;
  /**
   * The same in every run of the same scripts: of their names and texts, and which of several equal ones it is. A split that is dealt
   * out is the same on all targets.
   */
  readonly id: string;
  /** What the script has SET before it. */
  readonly context: readonly string[];
}

export function walkedStatements(
  scripts: readonly Script[],
  target: string | undefined,
): readonly WalkedStatement[] {
  const counts = new Map<string, number>();
  const found: WalkedStatement[] = [];
  for (const { name, statements } of scripts) {
    if (!statements.some(({ directives }) => isChunkSplit(directives.split))) continue;
    for (const { statements: own, context } of cut(statements))
      for (const statement of own) {
        const { split } = statement.directives;
        if (!isChunkSplit(split)) continue;
        const hash = hashOf(name, statement, split);
        const count = (counts.get(hash) ?? 0) + 1;
        counts.set(hash, count);
        const id = `${name} ${hash}${count === 1 ? '' : `#${count}`}${target === undefined || split.isDealt === true ? '' : `@${target}`}`;
        found.push({
          statement,
          split,
          id,
          context: context.map((step) => renderTemplate(step.statement.text).text),
        });
      }
  }
  return found;
}

/** Targets that share a split may each have their own name in its text. */
function hashOf(name: string, { text }: Statement, { isDealt }: ChunkSplit): string {
  const shared = isDealt === true ? text.filter(({ kind }) => kind !== 'value') : text;
  return createHash('sha256')
    .update(`${name}\0${renderTemplate(shared).text}`)
    .digest('base64url')
    .slice(0, 22);
}
