import type { Job } from '../model/job.js';
import type { Plan } from '../model/plan.js';
import type { Statement } from '../model/script.js';
import { readScripts } from './read-scripts.js';

/**
 * Gives each query a file for its results: `DIR/<script>.<n>`, where n counts the script's statements from 1, and
 * `DIR/<script>.<n>-<piece>` for the pieces of a split (with a dot it could be the name of a script `<script>.<n>`); whoever writes it adds the format's extension.
 *
 * Scripts are named by their paths without the directories that all of them share, so that the files lie in DIR as the
 * scripts lie in theirs.
 */
export function withResultFiles(plan: Plan, directory: string): Plan {
  const names = scriptNames(readScripts(plan).map(({ name }) => name));
  const nameOf = ({ script = 0 }: Job): string => names[plan.scripts[script]?.id ?? 0] ?? '';
  const directories = targetDirectories(plan);
  const numbers = new Map(plan.scripts.flatMap(({ statements }) => numbered(statements)));
  // Files cannot be one: each target has its own directory.
  const inTarget = ({ target }: Job): string =>
    target === undefined ? directory : `${directory}/${directories.get(target.name) ?? ''}`;
  const fileOf = (job: Job, statement: Statement): string => {
    const piece = job.piece === undefined ? '' : `-${job.piece.index + 1}`;
    return `${inTarget(job)}/${nameOf(job)}.${numbers.get(statement) ?? 0}${piece}`;
  };
  const jobs = plan.jobs.map((job) => {
    if (job.script === undefined) return job;
    const live = job.live === undefined ? [] : [`${inTarget(job)}/${nameOf(job)}`];
    return { ...job, resultFiles: [...live, ...job.steps.map(({ statement }) => fileOf(job, statement))] };
  });
  return { ...plan, jobs };
}

/** Each another one, inside of DIR, whatever the names are: schemas can be called `..` or `a/b`. */
function targetDirectories({ jobs }: Plan): ReadonlyMap<string, string> {
  const names = new Set(jobs.flatMap(({ target }) => target?.name ?? []));
  const safe = [...names].map((name) => name.replace(/[\\/]/g, '_').replace(/^\.*$/, (dots) => `_${dots}`));
  const unique = distinct(safe);
  return new Map([...names].map((name, index) => [name, unique[index] ?? '']));
}

/** What only prints is not counted. */
function numbered(statements: readonly Statement[]): readonly (readonly [Statement, number])[] {
  const queries = statements.filter(({ echo }) => echo === undefined);
  return queries.map((statement, index) => [statement, index + 1] as const);
}

/** Paths inside of DIR, each another one. */
function scriptNames(names: readonly string[]): readonly string[] {
  const paths = names.map((name) => safePath(name));
  const shared = sharedDirectories(paths);
  return distinct(paths.map((path) => path.slice(shared).join('/')));
}

function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; taken.has(unique); number += 1) unique = `${name}-${number}`;
    taken.add(unique);
    return unique;
  });
}

/** `../a/b.sql` → a, b; `<stdin>` → stdin; `-c #1` → c-1. */
function safePath(name: string): readonly string[] {
  if (/^<|^-c #/.test(name)) return [name.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '')];
  const parts = name.replace(/(?<=[^\\/])\.sql$/i, '').split(/[\\/]/);
  const inside = parts.filter((part) => part !== '' && part !== '.' && part !== '..');
  return inside.length === 0 ? ['script'] : inside;
}

function sharedDirectories(paths: readonly (readonly string[])[]): number {
  const [first = [], ...others] = paths;
  const different = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  const shared = different < 0 ? first.length : different;
  // The last part is the script's own name.
  return Math.min(shared, ...paths.map((path) => path.length - 1));
}
