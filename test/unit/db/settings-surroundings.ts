import type { Surroundings } from '../../../src/db/settings/surroundings.js';

/** A made-up machine: these files, this environment, the user "os" at /home/me. */
export interface Machine {
  readonly env?: Readonly<Record<string, string>>;
  /** Path → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Permission bits of all files; 0600 when left out. */
  readonly mode?: number;
  readonly platform?: NodeJS.Platform;
  readonly osUser?: string | undefined;
}

export function surroundings(machine: Machine): Surroundings {
  const { env = {}, files = {}, mode = 0o600, platform = 'linux' } = machine;
  const exists = (path: string): boolean => Object.hasOwn(files, path);
  return {
    env,
    platform,
    home: '/home/me',
    osUser: 'osUser' in machine ? machine.osUser : 'os',
    exists,
    readFile: (path) => (exists(path) ? files[path] : undefined),
    fileMode: (path) => (exists(path) ? mode : undefined),
  };
}
