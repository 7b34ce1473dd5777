import type { Node, VariableSetStmt } from 'libpg-query';

/*
 * Settings that decide what a statement means: search_path and the role; and whether it looks after foreign keys.
 */

/** A search_path as a string, `a, "B c"`, → its schemas. Names are folded where they are not quoted. */
export function splitPath(text: string): readonly string[] {
  const schemas: string[] = [];
  for (const [, quoted, plain] of text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^\s,"]+))\s*(?:,|$)/g))
    schemas.push(quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'));
  return schemas.filter((schema) => schema !== '');
}

/** The values of SET name = a, b: each is one; `a, b` in one string is one name. Undefined: SET … TO DEFAULT and RESET. */
export function valuesOf({ kind, args = [] }: VariableSetStmt): readonly string[] | undefined {
  if (kind !== 'VAR_SET_VALUE') return undefined;
  return args.map(valueOf);
}

function valueOf(node: Node): string {
  if (!('A_Const' in node)) return '';
  const { sval, ival, fval, boolval } = node.A_Const;
  if (sval !== undefined) return sval.sval ?? '';
  return fval?.fval ?? String(ival?.ival ?? boolval?.boolval ?? '');
}

/** Of a setting's name, undefined when it is not known: whether it decides what names mean. */
export function setsPath(name: string | undefined): boolean {
  return name === undefined || PATHS.has(name.toLowerCase());
}

export const REPLICATION_ROLE = 'session_replication_role';

const PATHS: ReadonlySet<string> = new Set(['search_path', 'role', 'session_authorization']);
