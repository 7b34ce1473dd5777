import type { AccessMode } from './access.js';
import type { Job } from './job.js';
import type { Place } from './place.js';
import type { Script } from './script.js';

/** Jobs and the edges between them. The graph has no cycle; edges lead from what comes first to what waits. */
export interface Plan {
  readonly scripts: readonly Script[];
  readonly jobs: readonly Job[];
  readonly edges: readonly Edge[];
  /** Statements that would be split with --auto-split, which was not asked for. */
  readonly splittable?: readonly Place[];
}

export type Edge = EdgeEnds &
  (
    | {
        /** Why, for people: `written order`, `after=loaded`, `barrier`. */
        readonly reason: string;
        readonly conflict?: never;
      }
    | { readonly conflict: Conflict; readonly reason?: never }
  );

/** Why a job waits, for people: `written order`, `table public.t: append, then read`. A plan has many edges: few are told. */
export function edgeText({ reason, conflict }: Edge): string {
  return conflict === undefined ? reason : `${conflict.object}: ${conflict.from}, then ${conflict.to}`;
}

interface EdgeEnds {
  /** Job that must end first. */
  readonly from: number;
  /** Job that waits. */
  readonly to: number;
  /**
   * `needs`: when `from` fails, `to` cannot run (a conflict, or `after=`);
   * `order`: `to` only waits its turn, as the next line of a psql script does.
   */
  readonly kind: 'needs' | 'order';
}

/** What two jobs do to one object, so that they keep their order. */
export interface Conflict {
  /** `table public.t` */
  readonly object: string;
  readonly from: AccessMode;
  readonly to: AccessMode;
}
