import type { Node } from 'libpg-query';
import type {
  CatalogRows,
  RelationRow,
  RoutineRow,
  StatisticsRow,
  TypeRow,
} from '../../model/catalog-rows.js';
import type { Parser } from '../../script/syntax.js';
import type { Catalog } from '../catalog/catalog.js';
import type { RelationKind, Routine, UserType } from '../catalog/objects.js';
import { extensionFunction } from '../catalog/known-extensions.js';
import { emptyRelation } from './families/columns.js';
import { routineOf } from './families/functions.js';
import { RoutineTexts } from './routine-texts.js';
import { Scope } from './scope.js';
import { Touch } from './touch.js';

/** The catalog while it is loaded: objects get their numbers first, what they rest on is bound later. */
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

  /** Of a type, or of the table whose rows are of it. */
  typeId(oid: number): number | undefined {
    return this.#types.get(oid);
  }

  /** The first statement of a text; undefined: it cannot be parsed. */
  parse(text: string): Node | undefined {
    const parsed = this.#parser.parse(text);
    return parsed.kind === 'parsed' ? parsed.nodes[0] : undefined;
  }

  plain(kind: string, schema: string, name: string): void {
    const id = this.scope.fresh(kind, schema, name);
    this.catalog.put({ class: 'plain', kind, id, schema, name, refers: [] });
  }

  /** Extended statistics: what they are of, and what they evaluate. */
  statistics({ schema, name, relation, definition }: StatisticsRow): void {
    const id = this.scope.fresh('statistics', schema, name);
    const table = this.#relations.get(relation);
    const refers = table === undefined ? [] : [table];
    const node = this.parse(definition);
    const isParsed = node !== undefined && 'CreateStatsStmt' in node;
    const expressions = this.scope.bind(isParsed ? node.CreateStatsStmt.exprs : undefined);
    this.catalog.put({ class: 'plain', kind: 'statistics', id, schema, name, refers, expressions });
  }

  relation({ oid, schema, name, kind: letter, rowType }: RelationRow): void {
    const kind = KINDS[letter];
    if (kind === undefined) return;
    const id = this.scope.fresh(kind, schema, name);
    this.#relations.set(oid, id);
    if (rowType !== 0 && !this.#types.has(rowType)) this.#types.set(rowType, id);
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
    // eslint-disable-next-line @typescript-eslint/prefer-optional-chain -- both are looked at
    if (type === undefined || type.kind !== 'domain') return;
    const own = constraints.filter(({ domain }) => domain === oid);
    const checks = own.filter(({ type: letter }) => letter === 'c');
    const texts = [
      `NULL::${base ?? 'text'}`,
      ...(expression === null ? [] : [expression]),
      ...checks.map(({ definition }) => definition.replace(/^CHECK /, '').replace(/ NOT VALID$/, '')),
    ];
    const bound = this.scope.bind(this.parse(`SELECT ${texts.join(', ')}`));
    const changed: UserType = {
      ...type,
      parts: [...bound.types, ...bound.relations.map(({ id: row }) => row)].filter((part) => part !== id),
      checks: bound,
      constraints: own.map(({ name }) => ({ name })),
    };
    this.catalog.put(changed);
  }

  routine(row: RoutineRow): void {
    const { oid, schema, name, language, source, extension } = row;
    const id = this.scope.fresh('function', schema, `${name}()`);
    this.#routines.set(oid, id);
    const path = row.settings.find((setting) => setting.startsWith('search_path='));
    if (row.settings.some((setting) => setting.startsWith('role='))) this.catalog.meetOthers();
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
    const made = routineOf(node.CreateFunctionStmt, this.scope);
    const { body, types, definition: text, language, arguments: taken } = made;
    this.catalog.put({
      ...routine,
      language,
      types,
      arguments: taken,
      ...(body === undefined ? {} : { body }),
      ...(text === undefined ? {} : { definition: text }),
    });
  }

  eventTrigger(oid: number): void {
    this.catalog.hasEventTriggers = true;
    const id = this.#routines.get(oid);
    if (id !== undefined) this.catalog.eventTriggers.add(id);
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
const TYPE_KINDS: Readonly<Record<string, UserType['kind']>> = {
  d: 'domain',
  e: 'enum',
  c: 'composite',
  r: 'range',
  m: 'range',
};

/** pg_proc.provolatile */
const VOLATILITIES: Readonly<Record<string, Routine['volatility']>> = {
  i: 'immutable',
  s: 'stable',
  v: 'volatile',
};
