import { InputError, type Diagnostic, type Read } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import type { Script } from '../model/script.js';
import { buildPlan } from '../plan/build.js';
import { collectInputs, type Inputs } from '../script/discover.js';
import { readScripts } from '../script/read.js';
import type { InputOptions, RunOptions, SettledOptions } from './options.js';

/** Inputs → plan. Everything is read, split and checked here; whatever is wrong is thrown as one InputError. */

export async function findInputs(options: InputOptions): Promise<Inputs> {
  const { paths = [], commands = [], filesFrom = [] } = options;
  const read = await collectInputs({ paths, commands, filesFrom, readStdin });
  return valueOf(read).value;
}

export interface Prepared {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
}

export async function readPlan(
  inputs: Inputs,
  options: RunOptions,
  settled: SettledOptions,
): Promise<Prepared> {
  const variables = new Map([
    ...(inputs.manifest?.variables ?? []),
    ...Object.entries(options.variables ?? {}),
  ]);
  const scripts = valueOf(await readScripts(inputs.sources, { variables, syntaxCheck: settled.syntaxCheck }));
  const { order, jobs: connections, singleTransaction } = settled;
  const plan = valueOf(buildPlan(scripts.value, { order, connections, singleTransaction }));
  return { plan: plan.value, warnings: [...scripts.warnings, ...plan.warnings] };
}

/** SQL given as an option, `--init-sql`, as statements. */
export async function readSql(name: string, text: string): Promise<Script | undefined> {
  if (text.trim() === '') return undefined;
  const bytes = new TextEncoder().encode(text);
  const read = await readScripts([{ name, bytes }], { variables: new Map(), syntaxCheck: false });
  return valueOf(read).value[0];
}

export function valueOf<T>(read: Read<T>): { readonly value: T; readonly warnings: readonly Diagnostic[] } {
  if (!read.ok) throw new InputError(read.diagnostics);
  return read;
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
