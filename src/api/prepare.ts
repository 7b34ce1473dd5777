import type { InitStatement } from '../db/task.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import { buildPlan } from '../plan/build.js';
import type { Inputs } from '../script/discover.js';
import { resolveConnection, systemSurroundings } from '../db/settings/resolve.js';
import { meansOff } from '../script/facts.js';
import type { SessionStart } from '../script/script-content.js';
import { DEFAULT_READING, readScripts } from '../script/read.js';
import { renderTemplate } from '../script/template.js';
import { valueOf } from './inputs.js';
import type { RunOptions, SettledOptions } from './options.js';

/** Inputs → plan. Everything is read, split and checked here; whatever is wrong is thrown as one InputError. */

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
  const { syntaxCheck, show } = settled;
  const reading = {
    variables,
    syntaxCheck,
    show,
    environment: process.env,
    session: sessionStart(options),
    ask: options.ask,
  };
  const scripts = valueOf(await readScripts(inputs.sources, reading));
  const { order, jobs: connections, singleTransaction, snapshot, splitCopy } = settled;
  const plan = valueOf(
    buildPlan(scripts.value, { order, connections, singleTransaction, snapshot, splitCopy }),
  );
  return { plan: plan.value, warnings: [...scripts.warnings, ...plan.warnings] };
}

/** What the connection settings say of sessions; a server that pqrun starts knows nothing of the environment's. */
function sessionStart({ connection = {}, embedded = false, set = {} }: RunOptions): SessionStart {
  const resolved = embedded === false ? resolveConnection(connection, systemSurroundings()) : undefined;
  const settings = resolved?.ok === true ? resolved.value : undefined;
  const [, byOption] = /-c\s*standard_conforming_strings=(\S+)/.exec(settings?.options ?? '') ?? [];
  const strings = byOption ?? set.standard_conforming_strings ?? 'on';
  return { encoding: settings?.clientEncoding ?? 'UTF8', standardStrings: !meansOff(strings) };
}

/** SQL given as an option, `--init-sql`, as statements with what each does to its session. */
export async function readSql(name: string, text: string): Promise<readonly InitStatement[]> {
  if (text.trim() === '') return [];
  const bytes = new TextEncoder().encode(text);
  const read = await readScripts([{ name, bytes }], { ...DEFAULT_READING, syntaxCheck: false });
  const [script] = valueOf(read).value;
  return (script?.statements ?? []).map(({ text: template, facts }) => ({
    text: renderTemplate(template).text,
    session: facts.session === 'local' ? 'none' : facts.session,
  }));
}
