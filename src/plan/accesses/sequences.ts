/**
 * What a statement does with the values that its session has taken of sequences. `currval('s')` tells of the last one of s, `lastval()`
 * of the last of all: so whoever asks stays with those who drew before him, back to one that has drawn for certain.
 */
export interface SequencesFound {
  /** Objects of the catalog; `some`: nobody knows which. */
  readonly drawn: ReadonlySet<number | 'some'>;
  /** Those of `drawn` of which it takes a value whatever the rows are. */
  readonly certain: ReadonlySet<number>;
  readonly asked: ReadonlySet<Asked>;
}

/** `last`: of the one that was drawn from last. */
export type Asked = number | 'some' | 'last';

export class Sequences implements SequencesFound {
  readonly drawn = new Set<number | 'some'>();
  readonly certain = new Set<number>();
  readonly asked = new Set<Asked>();

  get isEmpty(): boolean {
    return this.drawn.size === 0 && this.asked.size === 0;
  }
}
