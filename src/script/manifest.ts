import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { matchFiles } from './manifest-files.js';
import { addIssue } from './manifest-issues.js';
import { ManifestNodes } from './manifest-nodes.js';
import { manifestSchema, type ManifestDefaults, type ManifestFile } from './manifest-schema.js';
import { compareNaturally } from './natural-order.js';
import type { ScriptSource } from './source.js';
import type { Diagnostic, Read } from '../model/diagnostic.js';

/**
 * A manifest: scripts in stages, with their variables and run options, as YAML or JSON (which is YAML).
 *
 * The text is parsed into nodes that know where they stand (manifest-nodes), their values are validated by the schema
 * (manifest-schema), each fault of a value is led back to its node (manifest-issues), and the globs of the stages are
 * looked up (manifest-files). One reading names every fault.
 *
 * It does not know what the command line overrides. Loading it loads yaml, zod and tinyglobby, which takes longer than
 * a small run does: import it when there is a manifest, not before.
 */
export interface Manifest {
  readonly path: string;
  /** psql variables, each the text that was written. */
  readonly variables: ReadonlyMap<string, string>;
  readonly defaults: ManifestDefaults;
  /** Databases that the run goes to, in the order written; none: as the command line says. */
  readonly targets: readonly { readonly name: string; readonly dsn: string }[];
  readonly stages: readonly ManifestStage[];
  /** The files of all stages, in the order they run: stage after stage, in each the natural order of the paths. */
  readonly sources: readonly ScriptSource[];
}

export interface ManifestStage {
  readonly name?: string;
  readonly order?: NonNullable<Stage['order']>;
  /** From 1; the stage of its sources. */
  readonly number: number;
}

type Stage = ManifestFile['stages'][number];

export async function readManifest(path: string): Promise<Read<Manifest>> {
  const bytes = await readBytes(path);
  if (!Buffer.isBuffer(bytes)) return { ok: false, diagnostics: [bytes] };
  const nodes = new ManifestNodes(path, bytes);
  const content = nodes.areSound() ? validated(nodes) : undefined;
  const sources: ScriptSource[] = [];
  // By path: several globs may meet the same directory.
  const unreadable = new Map<string, Diagnostic>();
  for (const [index, stage] of (content?.stages ?? []).entries()) {
    const found = await filesOf(stage, { nodes, index, unreadable });
    const order = stage.order === undefined ? {} : { order: stage.order };
    sources.push(...found.map((file) => ({ name: file, path: file, stage: index + 1, ...order })));
  }
  const diagnostics = [...nodes.faults.list(), ...unreadable.values()];
  if (content === undefined || diagnostics.length > 0) return { ok: false, diagnostics };
  return { ok: true, value: manifestOf(content, { nodes, sources }), warnings: [] };
}

/** The JSON Schema that editors complete and check manifests with: draft 7, which all of them know. */
export function manifestJsonSchema(): object {
  return z.toJSONSchema(manifestSchema, { target: 'draft-7', io: 'input' });
}

async function readBytes(path: string): Promise<Buffer | Diagnostic> {
  try {
    return await readFile(path);
  } catch (error) {
    return unreadableFault(path, error);
  }
}

function unreadableFault(path: string, error: unknown): Diagnostic {
  const cause = error instanceof Error ? error.message.replace(/, \w+ '.*'$/s, '') : String(error);
  const hint = 'give the user who runs pqrun the right to read it';
  return { severity: 'error', message: `cannot read ${path}: ${cause}`, hint };
}

function validated(nodes: ManifestNodes): ManifestFile | undefined {
  const { success, data, error } = manifestSchema.safeParse(nodes.values());
  if (success) return data;
  for (const issue of error.issues) addIssue(nodes, issue);
  return undefined;
}

interface StageContext {
  readonly nodes: ManifestNodes;
  readonly index: number;
  readonly unreadable: Map<string, Diagnostic>;
}

/** The files of a stage, each once, in natural order. A glob that no file matches is a fault: of the files it is about, none would run. */
async function filesOf(stage: Stage, { nodes, index, unreadable }: StageContext): Promise<readonly string[]> {
  const patterns = [stage.files].flat();
  const isExclusion = (pattern: string): boolean => pattern.startsWith('!');
  const exclusions = patterns.filter(isExclusion);
  const directory = dirname(nodes.file);
  const at = ['stages', index, 'files'];
  const files = new Set<string>();
  for (const [position, pattern] of patterns.entries()) {
    if (isExclusion(pattern)) continue;
    const found = await matchFiles([pattern, ...exclusions], directory);
    for (const file of found.files) files.add(join(directory, file));
    for (const { path, error } of found.unreadable) unreadable.set(path, unreadableFault(path, error));
    if (found.files.length > 0) continue;
    nodes.addAt(Array.isArray(stage.files) ? [...at, position] : at, {
      message: `no file matches “${pattern}”`,
      hint: `globs are relative to ${directory === '.' ? `the directory of ${basename(nodes.file)}` : directory}; “*.sql” is what is in it, “**/*.sql” also what is below`,
    });
  }
  if (patterns.every(isExclusion)) {
    const message = 'this stage only says which files it leaves out';
    nodes.addAt(at, { message, hint: 'name the files that it runs too: ["*.sql", "!old.sql"]' });
  }
  return [...files].toSorted(compareNaturally);
}

function manifestOf(
  content: ManifestFile,
  { nodes, sources }: { readonly nodes: ManifestNodes; readonly sources: readonly ScriptSource[] },
): Manifest {
  const { set, ...defaults } = content.defaults ?? {};
  return {
    path: nodes.file,
    variables: new Map(nodes.textsIn(['variables'])),
    defaults:
      set === undefined
        ? defaults
        : { ...defaults, set: Object.fromEntries(nodes.textsIn(['defaults', 'set'])) },
    targets: nodes.textsIn(['targets']).map(([name, dsn]) => ({ name, dsn })),
    stages: content.stages.map(({ name, order }, index) => ({
      number: index + 1,
      ...(name === undefined ? {} : { name }),
      ...(order === undefined ? {} : { order }),
    })),
    sources,
  };
}
