import { readFile } from 'node:fs/promises';
import { readContent } from './script-content.js';
import type { ScriptSource } from './source.js';
import { loadParser } from './syntax.js';
import type { Diagnostic, Read } from '../model/diagnostic.js';
import type { Script } from '../model/script.js';

export interface ReadOptions {
  /** `-v name=value`. */
  readonly variables: ReadonlyMap<string, string>;
  /** False: what is no SQL to the parser goes to the server as it is. */
  readonly syntaxCheck: boolean;
}

/**
 * Scripts made of files, standard input and `-c` strings, in the order given: split into statements, variables filled
 * in, directives read, syntax checked. All faults of all scripts are found, not only the first. Nothing is thrown for
 * what a script holds, or for a file that cannot be read.
 *
 * Scripts are read one after another, so that the bytes of one only are in memory. What a script means together with
 * others (labels, order) is not looked at here.
 */
export async function readScripts(
  sources: readonly ScriptSource[],
  options: ReadOptions,
): Promise<Read<readonly Script[]>> {
  const parser = await loadParser();
  const scripts: Script[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [id, source] of sources.entries()) {
    const { name, stage } = source;
    const bytes = await readSource(source);
    if (Buffer.isBuffer(bytes)) {
      const content = readContent(
        { name, bytes, ...(source.bytes === undefined ? { path: source.path ?? name } : {}), ...options },
        parser,
      );
      const mode = { ...content.mode, order: content.mode.order ?? source.order };
      scripts.push({ id, name, stage, statements: content.statements, mode });
      diagnostics.push(...content.diagnostics);
    } else diagnostics.push(bytes);
  }
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  return hasErrors ? { ok: false, diagnostics } : { ok: true, value: scripts, warnings: diagnostics };
}

async function readSource({ name, path, bytes }: ScriptSource): Promise<Buffer | Diagnostic> {
  if (bytes !== undefined) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return await readFile(path ?? name);
  } catch (error) {
    return unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown): Diagnostic {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [cause, hint] = CAUSES.get(code) ?? [
    error instanceof Error ? error.message : String(error),
    undefined,
  ];
  return {
    severity: 'error',
    message: `cannot read ${name}: ${cause}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Cause and remedy, by the system's name of the error. */
const CAUSES: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['ENOENT', ['no such file', 'check the path; relative paths begin at the working directory']],
  ['EACCES', ['permission denied', 'give the user who runs pqrun the right to read it']],
  ['EISDIR', ['it is a directory', 'name a file, or give the directory itself as PATH']],
]);
