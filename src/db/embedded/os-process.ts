/**
 * What the operating system tells about a process id: is the process that was meant still there?
 *
 * A process id alone does not say: ids are reused, and after a reboot they begin again. So a process is recorded
 * together with its start and with where ids are counted (machine and container). Linux is asked through /proc,
 * others through ps. It does not know what the processes are for.
 */
import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { errnoOf } from './attempt.js';

const execute = promisify(execFile);

export interface ProcessRecord {
  readonly pid: number;
  /** Differs between two processes that have the same id one after the other. */
  readonly started: string;
  /** Where the id counts: the host, and the process id namespace of the container. */
  readonly host: string;
}

/** `unknown`: the record is from another host or container, whose processes cannot be seen from here. */
export type Liveness = 'alive' | 'dead' | 'unknown';

export async function recordOf(pid: number): Promise<ProcessRecord> {
  return { pid, started: (await startOf(pid)) ?? '', host: await thisHost() };
}

export async function livenessOf(record: ProcessRecord): Promise<Liveness> {
  if (record.host !== (await thisHost())) return 'unknown';
  const started = await startOf(record.pid);
  if (started !== undefined && record.started !== '') return started === record.started ? 'alive' : 'dead';
  // /proc may hide the processes of others (hidepid), but their ids still exist.
  return exists(record.pid) ? 'alive' : 'dead';
}

/** True also for a process of another user. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

/** The command line in one string, its words separated by blanks; empty for a zombie; undefined when it cannot be seen. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return ps(pid, 'args');
  const bytes = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return bytes?.replaceAll('\0', ' ').trim();
}

/** The directory a process is in; undefined when the system does not tell (no Linux, or another user's process). */
export async function workingDirectoryOf(pid: number): Promise<string | undefined> {
  return readlink(`/proc/${pid}/cwd`).catch(() => undefined);
}

async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return ps(pid, 'lstart');
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ]);
  return stat === undefined ? undefined : startInStat(stat, boot.trim());
}

/**
 * Start of a process from Linux' /proc/PID/stat, in clock ticks since the boot; `zombie` for one that has ended.
 * The command's name, in parentheses, may hold blanks and parentheses: fields are counted behind the last one.
 * Source: proc_pid_stat(5), fields (3) state and (22) starttime.
 */
export function startInStat(stat: string, boot: string): string {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  return state === 'Z' || state === 'X' ? 'zombie' : `${boot} ${fields[22 - 3] ?? ''}`;
}

async function ps(pid: number, column: 'lstart' | 'args'): Promise<string | undefined> {
  const result = await execute('ps', ['-o', `${column}=`, '-p', String(pid)]).catch(() => undefined);
  const text = result?.stdout.trim();
  return text === '' ? undefined : text;
}

async function thisHost(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${hostname()} ${namespace}`.trim();
}
