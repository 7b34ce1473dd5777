import { isMap, isScalar, isSeq, Scalar } from 'yaml';
import type * as z from 'zod';
import { closest } from './did-you-mean.js';
import type { ManifestNodes, Path } from './manifest-nodes.js';
import { manifestDefaults, manifestSchema } from './manifest-schema.js';

/**
 * What the schema finds wrong, told at the node that it means: at the key when it should not be there, at the value
 * when it is wrong, at the map when something is missing in it.
 *
 * The schema's messages say what a value must be (“must be at least 1”); the sentence around them, with the name of the
 * value and what is there instead, is made here.
 */
export function addIssue(nodes: ManifestNodes, issue: Issue, below: Path = []): void {
  const path = [...below, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys)
      nodes.addAtKey([...path, key], { message: `unknown key “${key}”`, hint: meant(key, path) });
  } else if (issue.code === 'invalid_key') {
    const [cause] = issue.issues;
    const message = `“${String(path.at(-1))}” cannot be a name here: ${cause?.message ?? 'it must be a text'}`;
    nodes.addAtKey(path, { message, hint: 'choose another name' });
  } else if (!nodes.has(path)) {
    addMissing(nodes, path);
  } else {
    const inner = issue.code === 'invalid_union' ? issue.errors.find(isMeant) : undefined;
    if (inner === undefined) addWrongValue(nodes, { issue, path });
    else for (const deeper of inner) addIssue(nodes, deeper, path);
  }
}

type Issue = z.core.$ZodIssue;

/** The alternative whose type is right, so that the fault is further in: it is what the author meant. */
function isMeant(alternative: readonly Issue[]): boolean {
  return alternative.every(({ path, code }) => path.length > 0 || code !== 'invalid_type');
}

function addMissing(nodes: ManifestNodes, path: Path): void {
  const key = String(path.at(-1));
  nodes.addAt(path.slice(0, -1), { message: `${titleOf(path)} is missing`, hint: EXAMPLES.get(key) });
}

/** The keys without which nothing can run. */
const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['stages', 'say what to run: stages: [{ files: "*.sql" }]'],
  ['files', 'say which files the stage runs: files: "*.sql"'],
]);

function addWrongValue(
  nodes: ManifestNodes,
  { issue, path }: { readonly issue: Issue; readonly path: Path },
): void {
  const value = nodes.valueAt(path);
  // Objects have no message of their own in the schema.
  const isObject = issue.code === 'invalid_type' && ['object', 'record'].includes(issue.expected);
  const what = isObject ? 'must be a map of keys and values' : issue.message;
  nodes.addAt(path, {
    message: `${titleOf(path)} ${what}, not ${shown(value)}`,
    hint: quoting(value, issue),
  });
}

/** `jobs`, `stage 2`, `files`: how people call what a path leads to. */
function titleOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'a manifest';
  if (typeof last !== 'number') return String(last);
  const list = String(path.at(-2));
  return list === 'stages' ? `stage ${last + 1}` : `item ${last + 1} of ${list}`;
}

function shown(value: unknown): string {
  if (isMap(value)) return 'a map';
  if (isSeq(value)) return value.items.length === 0 ? 'an empty list' : 'a list';
  if (!isScalar(value) || value.value === null) return 'nothing';
  return typeof value.value === 'string' ? `“${value.value}”` : (value.source ?? String(value));
}

/** Quotes make a text of a number, and the other way round: a common slip. */
function quoting(value: unknown, issue: Issue): string | undefined {
  if (!isScalar(value) || issue.code !== 'invalid_type') return undefined;
  const isQuoted = value.type === Scalar.QUOTE_DOUBLE || value.type === Scalar.QUOTE_SINGLE;
  if (issue.expected === 'string' && value.value !== null) return 'put it in quotes';
  return isQuoted && issue.expected !== 'string' ? 'write it without quotes' : undefined;
}

/** The remedy for a key that is not known where it stands. */
function meant(key: string, path: Path): string {
  const known = knownKeys(path);
  if (path.length === 0 && key in manifestDefaults.shape)
    return `write it below defaults: defaults: { ${key}: … }`;
  const word = closest(key, known);
  return word === undefined ? `known here are ${known.join(', ')}` : `did you mean ${word}?`;
}

function knownKeys(path: Path): readonly string[] {
  if (path.length === 0) return Object.keys(manifestSchema.shape).filter((key) => key !== '$schema');
  return Object.keys(
    path[0] === 'defaults' ? manifestDefaults.shape : manifestSchema.shape.stages.element.shape,
  );
}
