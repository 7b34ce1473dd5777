import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** How a program ended. */
export interface Ended {
  /** null: it did not end in time and was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Beside the shell's own. */
  readonly env: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly longest: number;
}

/**
 * A shell that starts programs one after another. Whoever starts a program is copied first: where thousands are started, copying
 * Node's hundred megabytes takes longer than psql itself does.
 *
 * Of each program the shell tells the process id and, in the next line, the status. It ends with its owner, whom it keeps only while
 * a program runs.
 */
export class SmallShell {
  readonly #shell: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(env: NodeJS.ProcessEnv) {
    this.#shell = spawn('/bin/sh', [], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#shell.unref();
    for (const pipe of [this.#shell.stdin, this.#shell.stdout]) if (pipe instanceof Socket) pipe.unref();
    this.#lines = createInterface({ input: this.#shell.stdout })[Symbol.asyncIterator]();
  }

  /** One at a time. What is written goes through files beside the working directory. */
  async run({ program, args, cwd, env, longest }: Command): Promise<Ended> {
    const [out, err] = [`${cwd}.out`, `${cwd}.err`];
    const set = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
    const command = [...set, ...[program, ...args].map(quoted)].join(' ');
    const files = `</dev/null >${quoted(out)} 2>${quoted(err)}`;
    this.#shell.stdin.write(`cd ${quoted(cwd)}; ${command} ${files} & echo $!; wait $!; echo $?\n`);
    this.#shell.ref();
    const pid = await this.#number();
    const timer = setTimeout(() => kill(pid), longest);
    const status = await this.#number();
    clearTimeout(timer);
    this.#shell.unref();
    const [stdout = '', stderr = ''] = [out, err].map((file) => readFileSync(file, 'utf8'));
    for (const file of [out, err]) rmSync(file);
    return { status: status === KILLED ? null : status, stdout, stderr };
  }

  async #number(): Promise<number> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('the shell has ended');
    return Number(line.value);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/** What a shell says of a program that SIGKILL has ended. */
const KILLED = 128 + 9;

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
