import type { Fault } from './faults.js';

/** A file that cannot be read: cause and remedy, by the system's name of the error. */
export function unreadable(name: string, error: unknown): Fault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [cause, hint] = CAUSES.get(code) ?? [
    error instanceof Error ? error.message : String(error),
    undefined,
  ];
  return { message: `cannot read ${name}: ${cause}`, hint };
}

const CAUSES: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['ENOENT', ['no such file', 'check the path; relative paths begin at the working directory']],
  ['EACCES', ['permission denied', 'give the user who runs pqrun the right to read it']],
  ['EISDIR', ['it is a directory', 'name a file, or give the directory itself as PATH']],
]);
