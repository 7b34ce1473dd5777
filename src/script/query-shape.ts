import type { Node, SelectStmt } from 'libpg-query';
import { withInlinedCtes } from './inline-cte.js';
import { readPart, selectOfDelete, selectOfUpdate, withoutLock } from './query-part.js';
import { firstFitting } from './same-tree.js';
import type { Parser } from './syntax.js';
import { nodeName, objectsOf, stringOf } from './tree.js';
import { quoteIdentifier } from './variables.js';

/**
 * A statement as a planner may see it: whether there is something to explain in it, and what in its own text keeps
 * PostgreSQL from running it in parallel. It knows no catalog.
 */
export interface QueryShape {
  /** As people call the statement: `CREATE TABLE AS`. */
  readonly verb: string;
  /** What EXPLAIN is given; undefined: there is no plan to see. */
  readonly explained?: string;
  /** Of REFRESH MATERIALIZED VIEW: the view, quoted, whose query is explained. */
  readonly view?: string;
  /** INSERT … VALUES and the like: rows without a query. */
  readonly isBareInsert: boolean;
  readonly writes: boolean;
  readonly hindrances: readonly Hindrance[];
  /** The same query without the hindrances; undefined when there are none, or it cannot be cut out. */
  readonly without?: string;
  /** What it asks by itself, as a view would say it; undefined when it cannot be cut out. */
  readonly query?: string;
  /** The same statement with its CTEs AS NOT MATERIALIZED. */
  readonly inlined?: string;
  /** As written: schema (or undefined) and name. */
  readonly functions: readonly FunctionName[];
  /** Makes the table that it would fill, without rows. */
  readonly empty?: string;
}

/** What forbids a parallel plan by the words of the statement alone. */
export type Hindrance = 'writes' | 'writing-cte' | 'locks' | 'cursor';

export interface FunctionName {
  readonly schema: string | undefined;
  readonly name: string;
}

export function queryShape(text: string, parser: Parser): QueryShape | undefined {
  const parsed = parser.parse(text);
  const [node, ...others] = parsed.kind === 'parsed' ? parsed.nodes : [];
  if (node === undefined || others.length > 0) return undefined;
  const { without: cut, ...family } = familyOf(node, text, parser);
  const query = cut ?? (family.hindrances.length === 0 ? (family.query ?? family.explained) : undefined);
  const unlocked = query === undefined ? undefined : withoutLock(query, parser);
  const locks = unlocked === undefined ? [] : (['locks'] as const);
  const writingCte = hasWritingCte(node) ? (['writing-cte'] as const) : [];
  // What a CTE writes cannot be left out without changing the query.
  const without = writingCte.length > 0 ? undefined : unlocked === undefined ? cut : unlocked.text;
  return {
    ...family,
    isBareInsert: family.isBareInsert ?? false,
    writes: family.hindrances.includes('writes') || writingCte.length > 0,
    hindrances: [...family.hindrances, ...writingCte, ...locks],
    functions: functionsOf(node),
    ...part(without),
    ...asked(without ?? query),
    ...inlinedOf(family.hindrances.length > 0 ? undefined : family.explained, parser),
  };
}

type Family = Pick<QueryShape, 'verb' | 'explained' | 'view' | 'without' | 'query' | 'empty'> & {
  readonly hindrances: readonly Hindrance[];
  readonly isBareInsert?: boolean;
};

function familyOf(node: Node, text: string, parser: Parser): Family {
  if ('SelectStmt' in node) return selectFamily(node.SelectStmt, text, parser);
  if ('InsertStmt' in node) return insertFamily(node, text, parser);
  if ('UpdateStmt' in node)
    return { ...writing('UPDATE', text), ...part(selectOfUpdate(node.UpdateStmt, text, parser)) };
  if ('DeleteStmt' in node)
    return { ...writing('DELETE', text), ...part(selectOfDelete(node.DeleteStmt, text, parser)) };
  if ('MergeStmt' in node) return writing('MERGE', text);
  if ('CreateTableAsStmt' in node) {
    const verb =
      node.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW' ? 'CREATE MATERIALIZED VIEW' : 'CREATE TABLE AS';
    const query = readPart({ node: node.CreateTableAsStmt.query, text, parser });
    return {
      verb,
      explained: text,
      hindrances: [],
      ...asked(query),
      ...emptyOf(`${text}\nWITH NO DATA`, parser),
    };
  }
  if ('DeclareCursorStmt' in node) {
    const without = readPart({ node: node.DeclareCursorStmt.query, text, parser });
    return { verb: 'DECLARE CURSOR', explained: text, hindrances: ['cursor'], ...part(without) };
  }
  if ('ExecuteStmt' in node) return { verb: 'EXECUTE', explained: text, hindrances: [] };
  if ('RefreshMatViewStmt' in node) {
    const { schemaname, relname } = node.RefreshMatViewStmt.relation ?? {};
    const view = [schemaname, relname].flatMap((name) => (name === undefined ? [] : quoteIdentifier(name)));
    return { verb: 'REFRESH MATERIALIZED VIEW', view: view.join('.'), hindrances: [] };
  }
  if ('CopyStmt' in node && node.CopyStmt.query !== undefined) {
    const explained = readPart({ node: node.CopyStmt.query, text, parser });
    return { verb: 'COPY', hindrances: [], ...(explained === undefined ? {} : { explained }) };
  }
  return { verb: verbOf(nodeName(node)), hindrances: [] };
}

/** `AlterTableStmt` → `ALTER TABLE`: what can be said of a statement without knowing all of them. */
export function verbOf(node: string): string {
  return node
    .replace(/Stmt$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}

function selectFamily(select: SelectStmt, text: string, parser: Parser): Family {
  const verb = select.valuesLists === undefined ? 'SELECT' : 'VALUES';
  if (select.intoClause === undefined) return { verb, explained: text, hindrances: [] };
  return { verb: 'SELECT INTO', explained: text, hindrances: [], ...emptyOf(`${text}\nLIMIT 0`, parser) };
}

function insertFamily(node: Extract<Node, { InsertStmt: unknown }>, text: string, parser: Parser): Family {
  const { selectStmt, withClause } = node.InsertStmt;
  if (selectStmt === undefined || !('SelectStmt' in selectStmt)) return { ...INSERT_ROWS };
  if (selectStmt.SelectStmt.valuesLists !== undefined) return { ...INSERT_ROWS };
  return {
    ...writing('INSERT', text),
    ...part(readPart({ node: selectStmt, withClause, text, parser })),
  };
}

const INSERT_ROWS: Family = { verb: 'INSERT', hindrances: ['writes'], isBareInsert: true };

function writing(verb: string, text: string): Family {
  return { verb, explained: text, hindrances: ['writes'] };
}

function part(without: string | undefined): { readonly without?: string } {
  return without === undefined ? {} : { without };
}

function asked(query: string | undefined): { readonly query?: string } {
  return query === undefined ? {} : { query };
}

function inlinedOf(text: string | undefined, parser: Parser): { readonly inlined?: string } {
  const inlined = text === undefined ? undefined : withInlinedCtes(text, parser);
  return inlined === undefined ? {} : { inlined };
}

function emptyOf(text: string, parser: Parser): { readonly empty?: string } {
  const empty = firstFitting(parser, [text], () => true);
  return empty === undefined ? {} : { empty };
}

function hasWritingCte(node: Node): boolean {
  for (const object of objectsOf(node)) {
    if (!('ctequery' in object)) continue;
    const { ctequery } = object;
    if (typeof ctequery === 'object' && ctequery !== null && !('SelectStmt' in ctequery)) return true;
  }
  return false;
}

function functionsOf(node: Node): readonly FunctionName[] {
  const found = new Map<string, FunctionName>();
  for (const object of objectsOf(node)) {
    // TABLESAMPLE calls a function, too.
    const called = 'funcname' in object ? object.funcname : 'method' in object ? object.method : undefined;
    if (!Array.isArray(called)) continue;
    // The names of a FuncCall and of a RangeTableSample are String nodes.
    const names = (called as readonly Node[]).flatMap((name) => stringOf(name) ?? []);
    const name = names.at(-1);
    if (name !== undefined) found.set(names.join('.'), { schema: names.at(-2), name });
  }
  return [...found.values()];
}
