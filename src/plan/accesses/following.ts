import type { Bound, RelationUse } from '../catalog/bound.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Relation } from '../catalog/objects.js';
import type { RoutineTexts } from './routine-texts.js';
import type { Touch } from './touch.js';

export interface FollowSettings {
  readonly path: readonly string[];
  readonly mindsRefusal: boolean;
  readonly strictOrder?: boolean;
  readonly isReplica?: boolean;
  /** Whether anything tells which of two indexes is older (ages.ts). Default: it may. */
  readonly agesAreTold?: () => boolean;
}

/** What the parts of following need of the whole (follow.ts). */
export interface Following {
  readonly catalog: Catalog;
  readonly touch: Touch;
  readonly texts: RoutineTexts;
  path: readonly string[];
  mindsRefusal: boolean;
  /** session_replication_role is replica; code that runs may have set it to something else. */
  isReplica: boolean;
  /** Appends keep their order. */
  readonly strictOrder: boolean;
  bound(bound: Bound | undefined): void;
  relation(use: RelationUse): void;
  routine(id: number): void;
  type(id: number): void;
  firstTime(what: string): boolean;
  heirs(relation: Relation): readonly Relation[];
  ancestors(relation: Relation): readonly Relation[];
}
