import type { Node } from 'libpg-query';
import { nodeName } from '../../script/tree.js';
import { commandOf, meaningsOf } from './definitions.js';
import { setsPath } from './settings.js';
import type { Mentions, Name, RelationMention } from './mentions.js';
import type { SessionTie } from './touch.js';
import { mentionsOf, rangeName } from './walk.js';

/** A body of code, or a DO block, read: what it names, and what cannot be told. */
export interface Code {
  readonly mentions: Mentions;
  /** Why nobody can tell what it does: `dynamic SQL`. */
  readonly unknown: readonly string[];
  readonly definitions: Definitions;
  readonly session: readonly SessionTie[];
  /** It goes on after errors. */
  readonly hasHandler: boolean;
  /** What its variables' types are called, and what else may be: `t.a%TYPE` names t, and perhaps a. */
  readonly variableTypes: readonly Name[];
}

/** Those that leave the session as it is (definitions.ts). */
export interface Definitions {
  /** `CREATE TYPE, which is not followed,` */
  readonly reasons: readonly string[];
  readonly mentions: Mentions;
  /** What may run other code since. */
  readonly undecided: readonly string[];
}

export interface CodeFacts {
  readonly variableTypes?: readonly Name[];
  readonly hasHandler: boolean;
  readonly unknown?: readonly string[];
}

/**
 * The statements and expressions of a body → what it names. Definitions are not followed: they make it unknown; so what the catalog
 * is behind them is not known before, but the session may be (definitions.ts).
 */
export function mentionsOfCode(
  nodes: readonly Node[],
  { variableTypes = [], hasHandler, unknown = [] }: CodeFacts,
): Code {
  const reasons = [...unknown];
  const session = new Set<SessionTie>();
  // Dynamic SQL may leave anything in its session.
  if (unknown.length > 0) session.add('unknown');
  const truncated: RelationMention[] = [];
  const plain: Node[] = [];
  const definitions: Node[] = [];
  const undecided: string[] = [];
  for (const node of nodes) {
    const kind = kindOf(node);
    if (kind === 'plain') plain.push(node);
    else if (kind === 'truncate' && 'TruncateStmt' in node) truncated.push(...truncatedBy(node));
    else if (kind === 'path') session.add('unknown');
    else if (kind === 'setting') session.add('rest');
    else if (kind === 'unknown') {
      const meanings = meaningsOf(node);
      if (meanings === undefined) {
        reasons.push(notFollowed(node));
        session.add('unknown');
      } else {
        definitions.push(node);
        undecided.push(...meanings);
      }
    }
    const more = truncatesMore(node);
    if (more !== undefined) {
      reasons.push(`TRUNCATE … ${more}`);
      session.add('unknown');
    }
  }
  const mentions = mentionsOf(plain);
  return {
    mentions: { ...mentions, relations: [...mentions.relations, ...truncated] },
    unknown: reasons,
    definitions: { reasons: definitions.map(notFollowed), mentions: mentionsOf(definitions), undecided },
    session: [...session],
    hasHandler,
    variableTypes,
  };
}

function notFollowed(node: Node): string {
  return `${commandOf(node)}, which is not followed,`;
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
