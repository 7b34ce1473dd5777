import { readFile, stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CopyOrder } from './copy-order.js';
import { ContentReader } from './script-content.js';
import type { Surroundings } from './script-text.js';
import type { ScriptFile } from './script-file.js';
import type { ScriptSource } from './source.js';
import { RecordQueries, type AskRecords } from './records/queries.js';
import { loadScriptParser } from './forms.js';
import { rememberingShapes } from './shapes.js';
import type { Parser } from './syntax.js';
import { unreadable } from './unreadable.js';
import type { Diagnostic, Read } from '../model/diagnostic.js';
import { DEFAULT_SHOW, type Script } from '../model/script.js';

export interface ReadOptions extends Surroundings {
  /** Told every now and then how many statements there are so far. A script that is read while it runs counts for one. */
  readonly onStatements?: ((soFar: number) => void) | undefined;
  /** Asks the queries of splits; undefined: they are refused. */
  readonly askRecords?: AskRecords | undefined;
  /** Splits over records send these as parameters, where there are any. */
  readonly bind?: boolean;
}

/** How scripts are read where nothing else is said. */
export const DEFAULT_READING: ReadOptions = {
  variables: new Map(),
  syntaxCheck: true,
  show: DEFAULT_SHOW,
  environment: {},
  session: { encoding: 'UTF8', standardStrings: true },
};

/**
 * Scripts made of files, standard input and `-c` strings, in the order given: split into statements, variables filled
 * in, included files read, directives read, syntax checked. All faults of all scripts are found, not only the first.
 * Nothing is thrown for what a script holds, or for a file that cannot be read.
 *
 * Scripts are read one after another, and a stretch at a time, so that a script may be bigger than memory. What a script
 * means together with others (labels, order) is not looked at here.
 */
export async function readScripts(
  sources: readonly ScriptSource[],
  options: ReadOptions,
): Promise<Read<readonly Script[]>> {
  const [plainParser, files] = await Promise.all([loadScriptParser(), Promise.all(sources.map(fileOf))]);
  const parser = rememberingShapes(plainParser);
  const queries = new RecordQueries(parser, options);
  const ask = options.ask && answeringAgain(options.ask);
  for (;;) {
    const read = await readAll(sources, { ...options, files, queries, ask: ask?.() }, parser);
    // Where there is a fault nothing is asked, because nothing will be run.
    if (!read.ok || !(await queries.ask())) return read;
  }
}

/** A script is read again once the queries of its splits are answered; a person is not asked again. */
function answeringAgain(ask: (question: string) => string): () => (question: string) => string {
  const given: string[] = [];
  return () => {
    let next = 0;
    return (question) => (given[next++] ??= ask(question));
  };
}

interface Reading extends ReadOptions {
  readonly files: readonly (ScriptFile | Diagnostic)[];
  readonly queries: RecordQueries;
}

async function readAll(
  sources: readonly ScriptSource[],
  { files, queries, ...options }: Reading,
  parser: Parser,
): Promise<Read<readonly Script[]>> {
  const copyOrder = new CopyOrder(parser);
  const records = { query: (sql: string) => queries.find(sql), bind: options.bind ?? false };
  const scripts: Script[] = [];
  let before = 0;
  const diagnostics: Diagnostic[] = [];
  for (const [id, source] of sources.entries()) {
    // Connections that are being opened meanwhile have a turn.
    if (id % SCRIPTS_A_TURN === SCRIPTS_A_TURN - 1) await nextTurn();
    const file = files[id];
    if (file === undefined) continue;
    if ('severity' in file) {
      diagnostics.push(file);
      continue;
    }
    const reader = new ContentReader({ ...options, file, copyOrder, records }, parser);
    while (reader.readOn()) {
      options.onStatements?.(before + reader.count);
      await nextTurn();
    }
    const content = reader.content();
    before += content.needsRun ? 1 : content.statements.length;
    options.onStatements?.(before);
    const mode = { ...content.mode, order: content.mode.order ?? source.order };
    const { answers, connect } = content;
    const live = content.needsRun
      ? {
          live: {
            ...file,
            variables: [...options.variables],
            show: options.show,
            answers,
            ...(connect === undefined ? {} : { connect }),
          },
        }
      : {};
    const { name, stage } = source;
    scripts.push({ id, name, stage, statements: content.statements, mode, ...live });
    diagnostics.push(...content.diagnostics);
  }
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  return hasErrors ? { ok: false, diagnostics } : { ok: true, value: scripts, warnings: diagnostics };
}

const SCRIPTS_A_TURN = 4;

/** What can only be read once, from its beginning to its end (a pipe), is read into memory. */
async function fileOf({ name, path = name, bytes }: ScriptSource): Promise<ScriptFile | Diagnostic> {
  if (bytes !== undefined) return { name, from: { bytes } };
  try {
    const found = await stat(path);
    return { name, from: found.isFile() ? { path } : { bytes: await readFile(path) } };
  } catch (error) {
    const { message, hint } = unreadable(name, error);
    return { severity: 'error', message, ...(hint === undefined ? {} : { hint }) };
  }
}
