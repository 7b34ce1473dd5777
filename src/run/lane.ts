/**
 * The connections of one target. Most runs have one target, and so one lane. Connections are numbered through all lanes.
 *
 * It knows no jobs: whether there is need of a connection, and room for one, is decided by the scheduler.
 */
export class Lane {
  readonly target: number;
  /** Open and free. */
  readonly free: number[] = [];
  /** That nobody needed yet. */
  readonly unopened: number[];
  opening = 0;
  /** That were opened, and are not closed again. */
  open = 0;
  /** Of the open ones, those that are being closed. */
  closing = 0;
  /** Its target could not be reached: nothing more is asked of it. */
  isLost = false;

  constructor(target: number, { first, count }: { readonly first: number; readonly count: number }) {
    this.target = target;
    this.unopened = Array.from({ length: count }, (_, index) => first + index);
  }

  /** One that was being closed is. */
  closed(): void {
    this.closing--;
    this.open--;
  }

  /** No connection is there, and none will be. */
  get isUnreachable(): boolean {
    return this.open === 0 && this.opening === 0 && this.unopened.length === 0;
  }
}

/** A connection at work. */
export interface Used {
  readonly connection: number;
  readonly lane: Lane;
  readonly parallelWorkers: number | undefined;
}
