import type { Node } from 'libpg-query';
import type { Scope } from '../scope.js';
import type { ScriptSession } from '../script-session.js';

/**
 * What a statement of one kind touches, and what it does to the symbolic catalog. Rules say more than is needed rather than
 * less; what they do not follow they say to be `unknown` (it runs alone, and the live catalog is read again after it) or
 * `alone` (it runs alone; the rule has brought the catalog up to date itself).
 */
export type Rule<Kind extends string> = (
  node: Extract<Node, Record<Kind, unknown>>[Kind & keyof Extract<Node, Record<Kind, unknown>>],
  scope: Scope,
  session: ScriptSession,
) => void;

/** By the name of a parse tree's node. */
export type Rules = Readonly<{ [Kind in StatementKind]?: Rule<Kind> }>;

type AllKeys<T> = T extends unknown ? keyof T : never;
// eslint-disable-next-line @typescript-eslint/no-redundant-type-constituents -- names only
export type StatementKind = AllKeys<Node> & string;
