import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';

/** What connection settings depend on beside the command line: injected, so that the rules can be tested anywhere. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The home directory. */
  readonly home: string | undefined;
  /** The name of the operating system's user. */
  readonly osUser: string | undefined;
  /** The text of a file; undefined when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
  /** The permission bits of a file; undefined when there is none. */
  readonly fileMode: (path: string) => number | undefined;
  readonly exists: (path: string) => boolean;
}

/** The surroundings of this process. */
export function systemSurroundings(): Surroundings {
  return {
    env: process.env,
    platform: process.platform,
    home: attempt(homedir),
    // As libpq: the account's name, not $USER. A container's made-up user id may have none.
    osUser: attempt(() => userInfo().username),
    readFile: (path) => attempt(() => readFileSync(path, 'utf8')),
    fileMode: (path) => attempt(() => statSync(path).mode & 0o777),
    exists: existsSync,
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
