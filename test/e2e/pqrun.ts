import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect } from 'vitest';
import { test as base, type TestDatabase } from '../database.js';

/** Runs bin/pqrun.js as a user does: a process of its own, in a directory of its own, on a database of its own. */

export const PROGRAM = resolve(import.meta.dirname, '../../bin/pqrun.js');

/** Nothing is left in the cache of whoever runs the tests. */
const CACHE = mkdtempSync(join(tmpdir(), 'pqrun-cache-'));
afterAll(() => rmSync(CACHE, { recursive: true }));

export interface Finished {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves once standard error has shown this. */
  stderrShows(text: string): Promise<void>;
}

export interface Workplace {
  /** The working directory. */
  readonly directory: string;
  /** Writes files, by their relative paths. */
  write(files: Readonly<Record<string, string | Buffer>>): void;
  /** Starts pqrun with the database's PG* variables. */
  start(args: readonly string[], options?: StartOptions): Running;
  /** Starts pqrun and waits for its end. */
  pqrun(args: readonly string[], options?: StartOptions): Promise<Finished>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | Buffer;
}

export const test = base.extend<{ work: Workplace }>({
  work: async ({ database, onTestFailed }, use) => {
    const directory = mkdtempSync(join(tmpdir(), 'pqrun-e2e-'));
    const temporary = makeTemporary();
    const children: ChildProcess[] = [];
    const ended: string[] = [];
    // An assertion shows what it compares; what happens once in a hundred runs is understood only by what the program said.
    onTestFailed(() => console.error(ended.join('\n')));
    try {
      await use(workplace(directory, { database, children, ended, temporary }));
      leavesNothing({ children, temporary });
    } finally {
      for (const child of children) if (isRunning(child)) child.kill('SIGKILL');
      for (const own of [directory, temporary]) rmSync(own, { recursive: true, force: true });
    }
  },
});

interface Surroundings {
  readonly database: TestDatabase;
  readonly children: ChildProcess[];
  /** What each run has said on standard error, and how it ended. */
  readonly ended: string[];
  /** TMPDIR of what runs here. */
  readonly temporary: string;
}

/** A directory for temporary files in which the user of an embedded server finds its way. */
export function makeTemporary(): string {
  const temporary = mkdtempSync(join(tmpdir(), 'pqrun-tmp-'));
  chmodSync(temporary, 0o1777);
  return temporary;
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/**
 * The law of every test here: when its runs have ended, no file of theirs is in the directory of temporary files, however
 * they ended, unless one was killed. (That no session is left is seen when the database is dropped.)
 */
function leavesNothing({ children, temporary }: Pick<Surroundings, 'children' | 'temporary'>): void {
  if (children.some(isRunning)) return;
  if (children.every((child) => child.signalCode !== 'SIGKILL')) expect(readdirSync(temporary)).toEqual([]);
}

function workplace(directory: string, { database, children, ended, temporary }: Surroundings): Workplace {
  const start = (args: readonly string[], options: StartOptions = {}): Running => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: directory,
      env: cleanEnvironment({ ...database.env, TMPDIR: temporary, ...options.env }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    children.push(child);
    child.stdin.end(options.stdin ?? '');
    const running = follow(child);
    void running.finished.then(({ status, signal, stderr }) =>
      ended.push(`pqrun ${args.join(' ')}: ${status ?? signal ?? ''}\n${stderr.slice(-LONGEST)}`),
    );
    return running;
  };
  return {
    directory,
    write: (files) => {
      for (const [name, content] of Object.entries(files)) {
        const path = join(directory, name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
      }
    },
    start,
    pqrun: (args, options) => start(args, options).finished,
  };
}

/** Characters that are shown of a run. */
const LONGEST = 2000;

/** Nothing of the surroundings that would speak of another server, or of a terminal. */
function cleanEnvironment(env: StartOptions['env']): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PG|DATABASE_URL|FORCE_COLOR|NO_COLOR)/.test(name),
  );
  return { ...Object.fromEntries(kept), XDG_CACHE_HOME: CACHE, ...env };
}

function follow(child: ChildProcess): Running {
  let [stdout, stderr] = ['', ''];
  const waiting: { readonly text: string; readonly seen: () => void }[] = [];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const { text, seen } of waiting) if (stderr.includes(text)) seen();
  });
  return {
    process: child,
    finished: new Promise((done) => {
      child.on('close', (status, signal) => done({ status, signal, stdout, stderr }));
    }),
    stderrShows: (text) =>
      new Promise((seen) => {
        if (stderr.includes(text)) seen();
        else waiting.push({ text, seen });
      }),
  };
}
