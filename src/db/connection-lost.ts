/** A connection of pqrun's own broke, or the server ended it, while something was asked over it. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'ConnectionLost';
  }

  /** What the server says no to is something else. */
  static from(error: unknown): unknown {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return /^(?:0[0-79A-Z]|[1-4]|5[3458]|F0|HV|P0|XX)[0-9A-Z]{3}$/.test(code)
      ? error
      : new ConnectionLost(error);
  }
}
