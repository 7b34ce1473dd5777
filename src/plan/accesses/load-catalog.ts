import type { Node } from 'libpg-query';
import type { CatalogRows, RelationRow, RoutineRow, TypeRow } from '../../model/catalog-rows.js';
import type { Parser } from '../../script/syntax.js';
import { Catalog } from '../catalog/catalog.js';
import type { RelationKind, Routine, UserType } from '../catalog/objects.js';
import { extensionFunction } from '../catalog/known-extensions.js';
import { Resources } from '../catalog/resources.js';
import { emptyRelation } from './families/columns.js';
import { RelationParts } from './load-relations.js';
import { RULES } from './families/rules.js';
import { RoutineTexts } from './routine-texts.js';
import { Scope } from './scope.js';
import { ScriptSession } from './script-session.js';
import { Touch } from './touch.js';

/**
 * Rows of the live catalogs → the symbolic catalog. Objects get their numbers first, without what they rest on; then texts
 * (queries, defaults, bodies …) are parsed and bound, as if the statements that made them were run again, in which order does not
 * matter any more.
 */
export function loadCatalog(rows: CatalogRows, parser: Parser, resources = new Resources()): Catalog {
  const catalog = new Catalog(resources);
  const loading = new Loading(catalog, parser);
  for (const { name } of rows.schemas) loading.plain('schema', '', name);
  for (const name of rows.roles) loading.plain('role', '', name);
  for (const { kind, schema, name } of rows.others) loading.plain(kind, schema, name);
  for (const type of rows.types) loading.type(type);
  for (const routine of rows.routines) loading.routine(routine);
  for (const relation of rows.relations) loading.relation(relation);
  for (const type of rows.types) loading.typeParts(type, rows);
  for (const routine of rows.routines) loading.routineParts(routine);
  const parts = new RelationParts(rows, loading);
  for (const relation of rows.relations) parts.load(relation);
  for (const { schema, name, relation } of rows.statistics)
    loading.plain('statistics', schema, name, [relation]);
  for (const { routine } of rows.hidden) loading.hidden(routine);
  catalog.hasEventTriggers = rows.eventTriggers.some(({ enabled }) => enabled !== 'D');
  catalog.forget();
  return catalog;
}

/** Without a database: what a new one has. */
export function emptyCatalog(resources = new Resources()): Catalog {
  const catalog = new Catalog(resources);
  const id = resources.fresh('schema public');
  catalog.put({ class: 'plain', kind: 'schema', id, schema: '', name: 'public', refers: [] });
  catalog.forget();
  return catalog;
}

export class Loading {
  readonly catalog: Catalog;
  readonly #parser: Parser;
  /** Numbers of objects by OID; relations, routines and types have OIDs of their own. */
  readonly #relations = new Map<number, number>();
  readonly #routines = new Map<number, number>();
  readonly #types = new Map<number, number>();
  /** What is bound here is of the catalog's own making: nobody waits for it. */
  readonly scope: Scope;

  constructor(catalog: Catalog, parser: Parser) {
    this.catalog = catalog;
    this.#parser = parser;
    const touch = new Touch(catalog);
    const texts = new RoutineTexts(parser);
    this.scope = new Scope({ catalog, touch, texts }, { path: [], mindsRefusal: false });
  }

  relationId(oid: number): number | undefined {
    return this.#relations.get(oid);
  }

  routineId(oid: number): number | undefined {
    return this.#routines.get(oid);
  }

  typeId(oid: number): number | undefined {
    return this.#types.get(oid);
  }

  /** The first statement of a text; undefined: it cannot be parsed. */
  parse(text: string): Node | undefined {
    const parsed = this.#parser.parse(text);
    return parsed.kind === 'parsed' ? parsed.nodes[0] : undefined;
  }

  plain(kind: string, schema: string, name: string, relations: readonly number[] = []): void {
    const id = this.scope.fresh(kind, schema, name);
    const refers = relations.flatMap((oid) => this.#relations.get(oid) ?? []);
    this.catalog.put({ class: 'plain', kind, id, schema, name, refers });
  }

  relation({ oid, schema, name, kind: letter }: RelationRow): void {
    const kind = KINDS[letter];
    if (kind === undefined) return;
    const id = this.scope.fresh(kind, schema, name);
    this.#relations.set(oid, id);
    this.catalog.put(emptyRelation({ id, schema, name }, kind));
  }

  type({ oid, schema, name, kind: letter }: TypeRow): void {
    const id = this.scope.fresh(letter === 'd' ? 'domain' : 'type', schema, name);
    this.#types.set(oid, id);
    const kind = TYPE_KINDS[letter] ?? 'other';
    this.catalog.put({ class: 'type', id, schema, name, kind, parts: [] });
  }

  /** A domain's checks, default and base. */
  typeParts({ oid, base, expression }: TypeRow, { constraints }: CatalogRows): void {
    const id = this.#types.get(oid);
    const type = id === undefined ? undefined : this.catalog.type(id);
    if (type === undefined || type.kind !== 'domain') return;
    const checks = constraints.filter(({ domain, type: letter }) => domain === oid && letter === 'c');
    const texts = [
      `NULL::${base ?? 'text'}`,
      ...(expression === null ? [] : [expression]),
      ...checks.map(({ definition }) => definition.replace(/^CHECK /, '').replace(/ NOT VALID$/, '')),
    ];
    const bound = this.scope.bind(this.parse(`SELECT ${texts.join(', ')}`));
    const changed: UserType = { ...type, parts: bound.types.filter((part) => part !== id), checks: bound };
    this.catalog.put(changed);
  }

  routine(row: RoutineRow): void {
    const { oid, schema, name, language, source, extension } = row;
    const id = this.scope.fresh('function', schema, `${name}()`);
    this.#routines.set(oid, id);
    const path = row.settings.find((setting) => setting.startsWith('search_path='));
    const routine: Routine = {
      class: 'routine',
      id,
      schema,
      name,
      language: row.kind === 'a' ? 'aggregate' : language,
      source,
      isString: row.kind !== 'a' && row.body === null,
      arguments: row.identity,
      types: [],
      volatility: VOLATILITIES[row.volatility] ?? 'volatile',
      ...(row.definition === null ? {} : { definition: row.definition }),
      ...(path === undefined ? {} : { searchPath: path.slice('search_path='.length) }),
      ...(extension === null ? {} : { extension }),
    };
    this.catalog.put(routine);
  }

  /** Bodies that are bound, defaults of arguments, types; of an aggregate its parts. */
  routineParts({ oid, parts, definition }: RoutineRow): void {
    const id = this.#routines.get(oid);
    const routine = id === undefined ? undefined : this.catalog.routine(id);
    if (routine === undefined) return;
    if (parts.length > 0) {
      const routines = parts.flatMap((part) => this.#routines.get(part) ?? []);
      const body = { relations: [], routines, types: [], effects: [], unknown: [] };
      this.catalog.put({ ...routine, body });
      return;
    }
    const node = definition === null ? undefined : this.parse(definition);
    if (node === undefined || !('CreateFunctionStmt' in node)) return;
    // The rule makes an object of its own, whose parts are taken.
    const mark = this.catalog.mark();
    this.catalog.remove(routine.id);
    RULES.CreateFunctionStmt?.(node.CreateFunctionStmt, this.scope, new ScriptSession([]));
    const made = this.catalog.routinesNamed(routine.schema, routine.name).at(-1);
    this.catalog.undoTo(mark);
    if (made === undefined) return;
    const { body, types, definition: text, language } = made;
    this.catalog.put({
      ...routine,
      language,
      types,
      ...(body === undefined ? {} : { body }),
      ...(text === undefined ? {} : { definition: text }),
    });
  }

  hidden(oid: number): void {
    const id = this.#routines.get(oid);
    const routine = id === undefined ? undefined : this.catalog.routine(id);
    if (routine === undefined) return;
    const isHarmless =
      routine.extension !== undefined && extensionFunction(routine.extension, routine.name) === 'pure';
    if (!isHarmless) this.catalog.hidden.add(routine.id);
  }
}

/** pg_class.relkind */
const KINDS: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitioned table',
  f: 'foreign table',
  v: 'view',
  m: 'materialized view',
  S: 'sequence',
  i: 'index',
  I: 'index',
  c: 'composite type',
};

/** pg_type.typtype */
const TYPE_KINDS: Readonly<Record<string, UserType['kind']>> = { d: 'domain', e: 'enum', c: 'composite' };

/** pg_proc.provolatile */
const VOLATILITIES: Readonly<Record<string, Routine['volatility']>> = {
  i: 'immutable',
  s: 'stable',
  v: 'volatile',
};
