import type { TableWalk } from '../model/axis.js';
import type { TransactionMode } from '../model/job.js';
import type { Order, Statement } from '../model/script.js';
import type { SplitCopy } from './copy-pieces.js';

/** What shapes a plan, besides the scripts. */
export interface PlanOptions {
  readonly order: Order;
  /** Pieces of a split that does not say how many. */
  readonly connections: number;
  /** Each script is one transaction, thus one job. */
  readonly singleTransaction: boolean;
  /** Of several databases that the run goes to, the one that the plan is for, and how many there are. */
  readonly target?: { readonly index: number; readonly count: number };
  /** Each job is one transaction, which reads what the run's snapshot shows. */
  readonly snapshot: boolean;
  /** Whether the data of one COPY are loaded by several connections. */
  readonly splitCopy: SplitCopy;
  /** With `order: 'auto'`: an INSERT of a long series is cut into pieces where its rows are provably the same. */
  readonly autoSplit: boolean;
  /** What is known of the tables that are walked by the pieces of splits, by statement. */
  readonly walks?: ReadonlyMap<Statement, TableWalk>;
}

export function transactionMode({
  singleTransaction,
  snapshot,
}: Pick<PlanOptions, 'singleTransaction' | 'snapshot'>): TransactionMode {
  return singleTransaction || snapshot ? 'single' : 'each';
}
