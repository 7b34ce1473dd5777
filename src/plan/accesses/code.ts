import type { Node } from 'libpg-query';
import { nodeName } from '../../script/tree.js';
import { setsPath } from './settings.js';
import type { Mentions, Name, RelationMention } from './mentions.js';
import type { SessionTie } from './touch.js';
import { mentionsOf, rangeName } from './walk.js';

/** A body of code, or a DO block, read: what it names, and what cannot be told. */
export interface Code {
  readonly mentions: Mentions;
  /** Why nobody can tell what it does: `dynamic SQL`. */
  readonly unknown: readonly string[];
  readonly session: readonly SessionTie[];
  /** It goes on after errors. */
  readonly hasHandler: boolean;
  /** What its variables' types are called, and what else may be: `t.a%TYPE` names t, and perhaps a. */
  readonly variableTypes: readonly Name[];
}

export interface CodeFacts {
  readonly variableTypes?: readonly Name[];
  readonly hasHandler: boolean;
  readonly unknown?: readonly string[];
}

/** The statements and expressions of a body → what it names. Definitions are not followed: they make it unknown. */
export function mentionsOfCode(
  nodes: readonly Node[],
  { variableTypes = [], hasHandler, unknown = [] }: CodeFacts,
): Code {
  const reasons = [...unknown];
  const session = new Set<SessionTie>();
  const truncated: RelationMention[] = [];
  const plain: Node[] = [];
  for (const node of nodes) {
    const kind = kindOf(node);
    if (kind === 'plain') plain.push(node);
    else if (kind === 'truncate' && 'TruncateStmt' in node) truncated.push(...truncatedBy(node));
    else if (kind === 'path') session.add('unknown');
    else if (kind === 'setting') session.add('rest');
    else if (kind === 'unknown') reasons.push(`${nodeName(node)}, which is not followed,`);
    const more = truncatesMore(node);
    if (more !== undefined) reasons.push(`TRUNCATE … ${more}`);
  }
  const mentions = mentionsOf(plain);
  return {
    mentions: { ...mentions, relations: [...mentions.relations, ...truncated] },
    unknown: reasons,
    session: [...session],
    hasHandler,
    variableTypes,
  };
}

function kindOf(node: Node): 'plain' | 'truncate' | 'path' | 'setting' | 'ignored' | 'unknown' {
  if (PLAIN.has(nodeName(node))) {
    const into = 'SelectStmt' in node ? node.SelectStmt.intoClause : undefined;
    return into === undefined ? 'plain' : 'unknown';
  }
  if ('TruncateStmt' in node) return 'truncate';
  if ('TransactionStmt' in node || 'ConstraintsSetStmt' in node) return 'ignored';
  if ('VariableSetStmt' in node) {
    const { is_local: isLocal, name, kind } = node.VariableSetStmt;
    if (kind === 'VAR_SET_MULTI') return 'ignored';
    const isPath = kind === 'VAR_RESET_ALL' || setsPath(name);
    // A path that changes half-way: what the names behind it mean is not followed.
    if (isLocal === true) return isPath ? 'unknown' : 'ignored';
    return isPath ? 'path' : 'setting';
  }
  return 'unknown';
}

const PLAIN: ReadonlySet<string> = new Set([
  ...['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CallStmt', 'NotifyStmt'],
  ...['ReturnStmt', 'DeclareCursorStmt', 'VariableShowStmt'],
]);

function truncatedBy(node: Extract<Node, { TruncateStmt: unknown }>): readonly RelationMention[] {
  return (node.TruncateStmt.relations ?? []).flatMap((relation) =>
    'RangeVar' in relation
      ? [
          {
            ...rangeName(relation.RangeVar),
            operation: 'truncate' as const,
            isOnly: relation.RangeVar.inh !== true,
          },
        ]
      : [],
  );
}

/** By which it reaches more than the tables that it names. */
function truncatesMore(node: Node): 'CASCADE' | 'RESTART IDENTITY' | undefined {
  if (!('TruncateStmt' in node)) return undefined;
  if (node.TruncateStmt.behavior === 'DROP_CASCADE') return 'CASCADE';
  return node.TruncateStmt.restart_seqs === true ? 'RESTART IDENTITY' : undefined;
}
