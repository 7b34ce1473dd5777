import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Diagnostic, Read } from '../model/diagnostic.js';
import type { Manifest } from './manifest.js';
import { compareNaturally, stageOf } from './natural-order.js';
import { nearPath } from './near-path.js';
import type { ScriptSource } from './source.js';

/**
 * What is to be run → scripts, in the written order: `-c` texts first, then the files of `--files-from`, then the paths
 * as given. Files are only found here, not read.
 *
 * A directory stands for every `*.sql` below it in natural order, without dot files; links to files and directories
 * are followed, but no directory is entered twice. A directory with a manifest (`pqrun.yaml`, `.yml`, `.json`) is that
 * manifest. All faults are collected. Finding nothing is a fault.
 */
export interface InputRequest {
  readonly paths: readonly string[];
  readonly commands: readonly string[];
  readonly filesFrom: readonly string[];
  readonly readStdin: () => Promise<Uint8Array>;
}

export interface Inputs {
  readonly sources: readonly ScriptSource[];
  /** As the user gave them. */
  readonly names: readonly string[];
  readonly manifest?: Manifest;
}

export type ReadDirectory = (path: string) => Promise<readonly string[]>;

const MANIFEST_NAMES = ['pqrun.yaml', 'pqrun.yml', 'pqrun.json'];
const SCRIPT_ENDING = /\.sql$/i;
const MANIFEST_ENDING = /\.(?:ya?ml|json)$/i;

export async function collectInputs(
  request: InputRequest,
  readDirectory: ReadDirectory = readdir,
): Promise<Read<Inputs>> {
  return new Collector(request, readDirectory).collect();
}

class Collector {
  readonly #request: InputRequest;
  readonly #readDirectory: ReadDirectory;
  readonly #sources: ScriptSource[] = [];
  readonly #faults: Diagnostic[] = [];
  readonly #manifests: Manifest[] = [];
  #stdinTaken = false;

  constructor(request: InputRequest, readDirectory: ReadDirectory) {
    this.#request = request;
    this.#readDirectory = readDirectory;
  }

  async collect(): Promise<Read<Inputs>> {
    const { paths, commands, filesFrom } = this.#request;
    commands.forEach((text, index) =>
      this.#sources.push({ name: `-c #${index + 1}`, bytes: new TextEncoder().encode(text) }),
    );
    for (const list of filesFrom) await this.#addList(list);
    for (const path of paths) await this.#addPath(path);
    const names = [...commands.map((_, index) => `-c #${index + 1}`), ...filesFrom, ...paths];
    if (names.length === 0) {
      this.#fault(
        'there is nothing to run',
        'name files or directories, - for standard input, or give SQL with -c',
      );
    }
    if (names.length === 1 && paths[0] === '-' && this.#sources[0]?.bytes?.length === 0) {
      this.#fault(
        'standard input is empty',
        'send SQL to it, as in: PROGRAM | pqrun -, or name files or directories',
      );
    }
    if (this.#manifests.length > 1) {
      this.#fault(
        `there is more than one manifest: ${this.#manifests.map(({ path }) => path).join(', ')}`,
        'run them one by one',
      );
    }
    if (this.#faults.length > 0) return { ok: false, diagnostics: this.#faults };
    const [manifest] = this.#manifests;
    const value = { sources: this.#sources, names, ...(manifest === undefined ? {} : { manifest }) };
    return { ok: true, value, warnings: [] };
  }

  async #addPath(path: string): Promise<void> {
    if (path === '-') {
      const bytes = await this.#takeStdin();
      if (bytes !== undefined) this.#sources.push({ name: '<stdin>', bytes });
      return;
    }
    try {
      const found = await stat(path);
      if (found.isDirectory()) await this.#addDirectory(path);
      else if (!found.isFile() && !found.isFIFO())
        this.#fault(
          `${path} is neither a file nor a directory`,
          'name a script, a directory of scripts, or - for standard input',
        );
      else if (MANIFEST_ENDING.test(path)) await this.#addManifest(path);
      else this.#addFile(path, basename(path));
    } catch (error) {
      await this.#unreadable(path, error);
    }
  }

  #addFile(path: string, relativePath: string): void {
    const stage = stageOf(relativePath);
    this.#sources.push({ name: path, path, ...(stage === undefined ? {} : { stage }) });
  }

  async #addDirectory(directory: string): Promise<void> {
    const entries = await this.#readDirectory(directory);
    const manifest = MANIFEST_NAMES.find((name) => entries.includes(name));
    if (manifest !== undefined) {
      await this.#addManifest(join(directory, manifest));
      return;
    }
    const before = this.#faults.length;
    const files = await this.#scriptsBelow(directory, new Set());
    if (files.length === 0 && this.#faults.length === before) {
      this.#fault(
        `${directory} holds no script: there is no *.sql below it`,
        'name the directory of your .sql files, or the files themselves',
      );
    }
    for (const file of files.toSorted(compareNaturally)) this.#addFile(join(directory, file), file);
  }

  /**
   * Paths relative to the directory. Names are looked at in natural order, because the first of two ways to a directory is
   * the one that is taken: it must not depend on the order that the system lists them in.
   */
  async #scriptsBelow(directory: string, entered: Set<string>, below = ''): Promise<readonly string[]> {
    const here = join(directory, below);
    const real = await realpath(here);
    if (entered.has(real)) return [];
    entered.add(real);
    const listed = (await this.#readDirectory(here)).filter((name) => !name.startsWith('.'));
    const names = listed.toSorted(compareNaturally);
    // All at once: one after another, some hundred of them take longer than all else before a run.
    const entries = names.map((name) => ({ name, look: stat(join(here, name)) }));
    await Promise.allSettled(entries.map(({ look }) => look));
    const files: string[] = [];
    for (const { name, look } of entries) {
      const path = below === '' ? name : `${below}/${name}`;
      try {
        const found = await look;
        if (found.isDirectory()) files.push(...(await this.#scriptsBelow(directory, entered, path)));
        else if (SCRIPT_ENDING.test(name) && found.isFile()) files.push(path);
      } catch (error) {
        // A link that leads nowhere is no business of ours, unless it is named as a script.
        if (SCRIPT_ENDING.test(name) || !isMissing(error))
          await this.#unreadable(join(directory, path), error);
      }
    }
    return files;
  }

  /** Paths in a list are relative to the list's own directory; to the working directory when it comes on standard input. */
  async #addList(list: string): Promise<void> {
    try {
      const bytes = list === '-' ? await this.#takeStdin() : await readFile(list);
      const lines = new TextDecoder()
        .decode(bytes ?? new Uint8Array())
        .split(/\r?\n/)
        .map((line) => line.trim());
      const paths = lines.filter((line) => line !== '' && !line.startsWith('#'));
      if (paths.length === 0) this.#fault(`${list} lists no script`, 'write one path a line');
      const base = list === '-' ? '' : dirname(list);
      for (const path of paths) await this.#addPath(isAbsolute(path) ? path : join(base, path));
    } catch (error) {
      await this.#unreadable(list, error);
    }
  }

  /** Loaded only when there is one: yaml and zod take longer to load than a small run takes. */
  async #addManifest(path: string): Promise<void> {
    const { readManifest } = await import('./manifest.js');
    const read = await readManifest(path);
    if (!read.ok) {
      this.#faults.push(...read.diagnostics);
      return;
    }
    this.#manifests.push(read.value);
    this.#sources.push(...read.value.sources);
  }

  async #takeStdin(): Promise<Uint8Array | undefined> {
    if (this.#stdinTaken) {
      this.#fault('standard input (-) is given twice', 'it can be read only once');
      return undefined;
    }
    this.#stdinTaken = true;
    return this.#request.readStdin();
  }

  async #unreadable(path: string, error: unknown): Promise<void> {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') await this.#missing(path);
    else if (code === 'EACCES' || code === 'EPERM')
      this.#fault(`${path}: permission denied`, 'make it readable for the user that runs pqrun');
    else
      this.#fault(
        `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        'check the path',
      );
  }

  async #missing(path: string): Promise<void> {
    const near = await nearPath(path);
    const hint = IS_DSN.test(path)
      ? 'that is a database: name it with -d, and the scripts as PATH'
      : near === undefined
        ? 'check the spelling and the working directory'
        : `did you mean ${near}?`;
    this.#fault(`${path}: no such file or directory`, hint);
  }

  #fault(message: string, hint: string): void {
    this.#faults.push({ severity: 'error', message, hint });
  }
}

/** Not there, or a link that leads nowhere or in a circle. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ELOOP');
}

const IS_DSN = /^postgres(?:ql)?:\/\//;
