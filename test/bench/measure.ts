import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Running commands and counting seconds; medians and ratios, because machines are noisy. */

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs commands side by side; resolves with their standard outputs when all have succeeded. */
export async function runAll(commands: readonly Command[]): Promise<readonly string[]> {
  return Promise.all(commands.map(runOne));
}

/** Where a machine has certificates of its own, Node reads them before anything else, which takes longer than all of `node -e 0`. */
const ENVIRONMENT: NodeJS.ProcessEnv = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

function runOne({ program, args, env, cwd }: Command): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...ENVIRONMENT, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(stdout);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${String(status)}: ${stderr}`));
    });
  });
}

/** Seconds that an action takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await action();
  return (performance.now() - began) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? Number.NaN, sorted[Math.floor(middle)] ?? Number.NaN];
  return (low + high) / 2;
}

/**
 * The contenders take turns, round by round and in the one order and the other, so that a drift of the machine, and what each leaves
 * behind, meets all of them alike.
 */
export async function alternate<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  // Object.keys and Object.fromEntries lose the names' type.
  const names = Object.keys(contenders) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as unknown as Record<
    Name,
    number[]
  >;
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed())
      times[name].push(await contenders[name]());
  }
  return times;
}

/** The real psql: Debian's /usr/bin/psql is a wrapper that takes 60 ms to start. */
export function findPsql(): string {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).toSorted((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(base, version, 'bin/psql')).find((path) => existsSync(path));
  if (found === undefined)
    throw new Error('psql is needed to compare with: apt-get install postgresql-client');
  return found;
}
