import type { Place } from './place.js';

/** What `pqrun explain` finds out: which statements PostgreSQL itself runs in parallel, and why the others are serial. */
export interface Explanation {
  readonly statements: readonly ExplainedStatement[];
  /** It was stopped: the statement that was running then, and those behind it, are missing. */
  readonly interrupted: boolean;
  /** What to know about all of it: what was not run, which scripts are only a guess. */
  readonly notes: readonly string[];
}

export interface ExplainedStatement {
  readonly place: Place;
  /** `SELECT`, `CREATE TABLE AS`, `INSERT`; of a statement that was not explained the name of its parse node. */
  readonly verb: string;
  readonly outcome: ExplainOutcome;
}

/** `executed`: not a query, and done for the sake of those behind it; `passed`: neither explained nor executed. */
export type ExplainOutcome =
  | ParallelPlan
  | { readonly kind: 'serial'; readonly reasons: readonly SerialReason[] }
  | { readonly kind: 'executed' }
  | { readonly kind: 'passed'; readonly note: string }
  | { readonly kind: 'failed'; readonly message: string };

export interface ParallelPlan {
  readonly kind: 'parallel';
  /** Workers of all Gather nodes together. */
  readonly planned: number;
  /** Known only when the statement was run. */
  readonly launched?: number;
  /** What the workers do, from the leaves up: `Parallel Seq Scan on t`, `Partial Aggregate`. */
  readonly nodes: readonly string[];
  /** Why not all workers that are planned are launched. */
  readonly reasons: readonly SerialReason[];
}

export interface SerialReason {
  readonly kind: ReasonKind;
  /** The reason in words, a clause without a full stop. */
  readonly text: string;
  /** What to do about it. */
  readonly fix: string;
  readonly proof: Proof;
}

export type ReasonKind =
  | 'writes'
  | 'writing-cte'
  | 'locks'
  | 'cursor'
  | 'no-query'
  | 'no-table'
  | 'function'
  | 'domain'
  | 'serializable'
  | 'table-workers'
  | 'scan-size'
  | 'setup-cost'
  | 'tuple-cost'
  | 'workers-per-gather'
  | 'max-workers'
  | 'workers-used-up'
  | 'temporary-table'
  | 'foreign-table'
  | 'full-join'
  | 'whole-aggregate'
  | 'window'
  | 'cte-scan'
  | 'not-cheaper';

/**
 * `proved`: with this change, and nothing else changed, the same statement has so many workers (`together`: only with
 * all changes that this text names); `rule`: PostgreSQL's documentation says so ("When Can Parallel Query Be Used?",
 * "Parallel Safety"); `unproved`: suspected, and why it could not be tried.
 */
export type Proof =
  | {
      readonly kind: 'proved';
      readonly change: string;
      readonly workers: number;
      readonly together: boolean;
    }
  | { readonly kind: 'rule' }
  | { readonly kind: 'unproved'; readonly why: string };
