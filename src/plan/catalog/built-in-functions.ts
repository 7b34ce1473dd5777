/**
 * What PostgreSQL's own functions do, as far as other statements could tell. By name only: where a name has several
 * functions, the most dangerous one counts.
 *
 * - `pure`: nothing, and what it gives does not depend on what other statements did. Times, random numbers, numbers of
 *   backends and transactions, and statistics of activity are in it: pqrun does not promise that they are psql's.
 * - `catalog`: reads system catalogs; also the text search functions, because configurations are objects
 * - `sequence-write`: draws from a sequence or sets it; `sequence-session`: asks what this session drew
 * - `setting`: set_config
 * - `session`: what it does or gives belongs to this session, or changes what later statements of it give
 * - `lock`: advisory locks to the end of the transaction
 * - `notify`, `large-object`
 * - `rows`: tells of all rows written before: sizes, the values of sequences, what ANALYZE found out
 * - `unknown`: may run any SQL, read or write any table, files, or the state of the server
 */
import { IMMUTABLE } from './immutable-functions.js';
import { PLACED } from './placed-functions.js';
import { wordsOf } from './word-list.js';

export const BUILT_IN_CLASSES = [
  'pure',
  'catalog',
  'sequence-write',
  'sequence-session',
  'setting',
  'session',
  'lock',
  'notify',
  'large-object',
  'rows',
  'unknown',
] as const;
export type BuiltIn = (typeof BUILT_IN_CLASSES)[number];

/** Undefined: pg_catalog has no function of that name, in no version from 13 to 18. */
export function builtInFunction(name: string): BuiltIn | undefined {
  return functions().get(name);
}

let known: ReadonlyMap<string, BuiltIn> | undefined;

/** Some thousand names: put together when the first is asked for. */
function functions(): ReadonlyMap<string, BuiltIn> {
  known ??= new Map([
    ...wordsOf(IMMUTABLE).map((name) => [name, 'pure'] as const),
    ...BUILT_IN_CLASSES.flatMap((one) => wordsOf(PLACED[one]).map((name) => [name, one] as const)),
  ]);
  return known;
}
