import type { Order } from '../model/script.js';

/** What shapes a plan, besides the scripts. */
export interface PlanOptions {
  readonly order: Order;
  /** Pieces of a split that does not say how many. */
  readonly connections: number;
  /** Each script is one transaction, thus one job. */
  readonly singleTransaction: boolean;
}
