import { ConnectionLost, ExplainConnection, Interrupted } from '../db/explain/connection.js';
import { Explainer } from '../db/explain/explainer.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { ExplainedStatement, Explanation } from '../model/explain.js';
import type { Script } from '../model/script.js';
import { loadParser } from '../script/syntax.js';
import { findInputs } from './inputs.js';
import { settleOptions, type RunOptions, type SettledOptions } from './options.js';
import { readPlan } from './prepare.js';
import { serverAsker } from './record-asker.js';
import { ConnectError, NeededServer, type Server } from './server.js';

export interface ExplainOptions extends RunOptions {
  /** Run the statements, and roll back what they did. */
  readonly analyze?: boolean;
  /** The connection is there, and from now on `signal` ends it in an orderly way. */
  readonly onBegin?: () => void;
}

export interface Explained {
  readonly explanation: Explanation;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads and checks as `plan` does, and asks a server which statements it would itself run in parallel, and why not the
 * others. Everything happens in one transaction that is rolled back. Rejects as `run` does; a statement that fails is
 * told in its place. When `signal` is aborted, what runs is cancelled on the server, and what is known by then returned.
 */
export async function explain(options: ExplainOptions): Promise<Explained> {
  const inputs = await findInputs(options);
  const settled = settleOptions(options, inputs.manifest);
  const needed = new NeededServer(options);
  const askRecords = serverAsker(settled, needed);
  try {
    const { plan, warnings } = await readPlan({
      inputs,
      options,
      // Nothing is run, so what may overlap is no matter.
      settled: { ...settled, order: 'sequential' },
      askRecords,
      askCatalog: undefined,
      targetNames: [],
    });
    const server = await needed.find();
    const explanation = await explainOn(server, { scripts: plan.scripts, settled, options });
    return { explanation, warnings: [...warnings, ...server.warnings] };
  } catch (error) {
    if (error instanceof ConnectionLost) throw new ConnectError(error.failure);
    throw error;
  } finally {
    await needed.stop();
  }
}

interface Task {
  readonly scripts: readonly Script[];
  readonly settled: SettledOptions;
  readonly options: ExplainOptions;
}

async function explainOn(server: Server, { scripts, settled, options }: Task): Promise<Explanation> {
  const opened = await ExplainConnection.open(server.value, settled.serverSettings);
  if (!opened.ok)
    throw new ConnectError(opened.failure, {
      needsPassword: opened.needsPassword && server.value.mayPrompt,
    });
  const { connection } = opened;
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping = connection.interrupt();
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  options.onBegin?.();
  if (options.signal?.aborted === true) stop();
  try {
    const explainer = new Explainer(connection, await loadParser(), options.analyze ?? false);
    return await explainAll(explainer, scripts, settled.initSql);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    await stopping;
    await connection.close();
  }
}

async function explainAll(
  explainer: Explainer,
  scripts: readonly Script[],
  initSql: string,
): Promise<Explanation> {
  const statements: ExplainedStatement[] = [];
  let interrupted = false;
  try {
    await explainer.begin(initSql);
    for (const script of scripts) {
      await explainer.beginScript();
      for (const statement of script.statements)
        if (statement.echo === undefined) statements.push(...(await explainer.explain(statement)));
    }
    await explainer.finish();
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    interrupted = true;
  }
  return { statements, interrupted, notes: notesOf(scripts, explainer.leftOut) };
}

function notesOf(scripts: readonly Script[], leftOut: boolean): readonly string[] {
  const live = scripts.filter((script) => script.live !== undefined).map(({ name }) => name);
  return [
    ...(leftOut
      ? ['nothing that fills tables was run: plans are those for the tables as they are now (see --analyze)']
      : []),
    ...(live.length === 0
      ? []
      : [`what these scripts send depends on their results, so it is only a guess here: ${live.join(', ')}`]),
  ];
}
