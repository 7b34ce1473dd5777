import type { Piece, Step } from '../model/job.js';

/** One job of a split: its piece, and what its step has beside the statement. */
export interface SplitPart {
  readonly piece: Piece;
  readonly step: Partial<Pick<Step, 'statement' | 'values' | 'isLoose' | 'parameters'>>;
  /** Default: by the rows that it announces. */
  readonly weight?: number;
}
