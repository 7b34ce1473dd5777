import type { Order } from '../model/script.js';
import type { SplitCopy } from './copy-pieces.js';

/** What shapes a plan, besides the scripts. */
export interface PlanOptions {
  readonly order: Order;
  /** Pieces of a split that does not say how many. */
  readonly connections: number;
  /** Each script is one transaction, thus one job. */
  readonly singleTransaction: boolean;
  /** The results of several databases are to be one, query by query. */
  readonly isUnion?: boolean;
  /** Whether the data of one COPY are loaded by several connections. */
  readonly splitCopy: SplitCopy;
}
