/** A connection of pqrun's own broke, or the server ended it, while something was asked over it. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'ConnectionLost';
  }

  /** What the server says no to is something else. */
  static from(error: unknown): unknown {
    return isRefusal(error) ? error : new ConnectionLost(error);
  }
}

/** The server's own word about what it was asked; not that it ends the session (57P…), nor what a pooler says of it (08…). */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return false;
  return !/^(?:08|57P)/.test(String(error.code));
}
