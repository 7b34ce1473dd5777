import type { CreateTrigStmt } from 'libpg-query';
import type { CatalogRows, ColumnRow, ConstraintRow, RelationRow } from '../../model/catalog-rows.js';
import { isNameType } from '../catalog/built-in-relations.js';
import { NOTHING, type Bound } from '../catalog/bound.js';
import type { Column, Constraint, Policy, Relation, Rule, Trigger } from '../catalog/objects.js';
import { actionOf, drawing } from './families/columns.js';
import { eventsOf } from './families/functions.js';
import { namedColumns } from './named-columns.js';
import { rangeName, wordsOf } from './walk.js';
import type { Loading } from './loading.js';

/** What a relation of the live catalogs rests on, bound: the texts of its parts are SQL with qualified names. */
export class RelationParts {
  readonly #loading: Loading;
  readonly #columns: ReadonlyMap<number, readonly ColumnRow[]>;
  readonly #constraints: ReadonlyMap<number, readonly ConstraintRow[]>;
  readonly #indexes: ReadonlyMap<number, CatalogRows['indexes'][number]>;
  readonly #sequences: ReadonlyMap<number, CatalogRows['sequences'][number]>;
  /** By the table and the number of the column that they belong to. */
  readonly #owned: ReadonlyMap<string, number>;
  readonly #bounds = new Map<string, Bound>();
  readonly #parents: ReadonlyMap<number, CatalogRows['inheritance']>;
  readonly #triggers: ReadonlyMap<number, CatalogRows['triggers']>;
  readonly #rules: ReadonlyMap<number, CatalogRows['rules']>;
  readonly #policies: ReadonlyMap<number, CatalogRows['policies']>;

  constructor(rows: CatalogRows, loading: Loading) {
    this.#loading = loading;
    this.#columns = grouped(rows.columns, ({ relation }) => relation);
    this.#constraints = grouped(rows.constraints, ({ relation }) => relation);
    this.#parents = grouped(rows.inheritance, ({ child }) => child);
    this.#triggers = grouped(rows.triggers, ({ relation }) => relation);
    this.#rules = grouped(rows.rules, ({ relation }) => relation);
    this.#policies = grouped(rows.policies, ({ relation }) => relation);
    this.#indexes = new Map(rows.indexes.map((index) => [index.oid, index]));
    this.#sequences = new Map(rows.sequences.map((sequence) => [sequence.oid, sequence]));
    this.#owned = new Map(rows.sequences.map(({ oid, owner, column }) => [`${owner} ${column}`, oid]));
  }

  load(row: RelationRow): void {
    const { oid, query, partitionKey, isPartition, ofType } = row;
    const id = this.#loading.relationId(oid);
    const relation = id === undefined ? undefined : this.#loading.catalog.relation(id);
    if (relation === undefined) return;
    const type = this.#loading.typeId(ofType);
    const loaded: Relation = {
      ...relation,
      columns: (this.#columns.get(oid) ?? []).map((column) => this.#column(column)),
      parents: (this.#parents.get(oid) ?? []).flatMap(({ parent }) => this.#loading.relationId(parent) ?? []),
      constraints: (this.#constraints.get(oid) ?? []).map((constraint) => this.#constraint(constraint)),
      triggers: (this.#triggers.get(oid) ?? []).flatMap((trigger) => this.#trigger(trigger)),
      rules: (this.#rules.get(oid) ?? []).map((rule) => this.#rule(rule)),
      policies: (this.#policies.get(oid) ?? []).map((policy) => this.#policy(policy)),
      ...(query === null ? {} : { query: this.#bind(query) }),
      ...(partitionKey === null ? {} : { partitionKey: this.#partitionKey(partitionKey) }),
      ...(isPartition ? { isPartition } : {}),
      ...(type === undefined ? {} : { ofType: type }),
      ...this.#indexParts(oid),
      ...this.#sequenceParts(oid),
    };
    this.#loading.catalog.put(loaded);
    if (loaded.kind === 'composite type') this.#typeOf(loaded);
  }

  /** A composite type is a type and a relation: its parts are the types of its attributes. */
  #typeOf({ ofType, columns }: Relation): void {
    const type = ofType === undefined ? undefined : this.#loading.catalog.type(ofType);
    const parts = columns.flatMap((column) => column.type ?? []);
    if (type !== undefined) this.#loading.catalog.put({ ...type, parts });
  }

  /** Most defaults are now(), or a number, or another one that many columns have. */
  #bind(text: string): Bound {
    const known = this.#bounds.get(text);
    if (known !== undefined) return known;
    const node = this.#loading.parse(text);
    const read = node === undefined ? unreadable(text) : this.#loading.scope.bind(node);
    const bound = DRAW.test(text) ? { ...read, isDraw: true as const } : read;
    this.#bounds.set(text, bound);
    return bound;
  }

  #column(row: ColumnRow): Column {
    const { name, type: typeText, typeOid, expression, isGenerated, isIdentity } = row;
    const type = this.#loading.typeId(typeOid);
    const bound = isIdentity
      ? this.#identity(row)
      : expression === null
        ? undefined
        : this.#bind(`SELECT ${expression}`);
    return {
      name,
      ...(type === undefined ? {} : { type }),
      ...(isNameType(typeText) ? { looksUp: true } : {}),
      ...(bound === undefined ? {} : { expression: bound }),
      ...(isGenerated ? { isGenerated } : {}),
      ...(isIdentity ? { isIdentity } : {}),
    };
  }

  #identity(row: ColumnRow): Bound {
    const sequence = this.#identitySequence(row);
    const id = sequence === undefined ? undefined : this.#loading.relationId(sequence);
    return id === undefined ? NOTHING : drawing(id);
  }

  /** Partitions have that of the table that they are parts of (from PostgreSQL 17 on). */
  #identitySequence({ relation, number, name }: ColumnRow): number | undefined {
    const own = this.#owned.get(`${relation} ${number}`);
    if (own !== undefined) return own;
    const above = (this.#parents.get(relation) ?? []).flatMap(
      ({ parent }) => this.#columns.get(parent) ?? [],
    );
    const same = above.find((column) => column.name === name);
    return same === undefined ? undefined : this.#identitySequence(same);
  }

  #constraint(row: ConstraintRow): Constraint {
    const { name, type, definition, target, onDelete, onUpdate, index, isAlways } = row;
    switch (type) {
      case 'c': {
        const expression = definition
          .replace(/^CHECK /, '')
          .replace(/ (?:NOT VALID|NO INHERIT|NOT ENFORCED)/g, '');
        return { type: 'check', name, expression: this.#bind(`SELECT ${expression}`) };
      }
      case 'f': {
        const id = this.#loading.relationId(target);
        if (id === undefined) return { type: 'other', name };
        return {
          type: 'foreign key',
          name,
          target: id,
          onDelete: actionOf(onDelete),
          onUpdate: actionOf(onUpdate),
          ...(isAlways ? { isAlways } : {}),
        };
      }
      case 'p':
      case 'u':
      case 'x': {
        const id = this.#loading.relationId(index);
        return id === undefined
          ? { type: 'other', name }
          : {
              type: 'index',
              name,
              index: id,
              isExclusion: type === 'x',
              isPrimary: type === 'p',
              isTemporal: definition.includes(' WITHOUT OVERLAPS'),
            };
      }
      case 'n':
        return { type: 'not null', name, column: this.#notNullColumn(definition) };
      default:
        return { type: 'other', name };
    }
  }

  /** `NOT NULL "column"`, as pg_get_constraintdef writes it. */
  #notNullColumn(definition: string): string {
    const node = this.#loading.parse(`ALTER TABLE t ADD ${definition}`);
    const [command] = node !== undefined && 'AlterTableStmt' in node ? (node.AlterTableStmt.cmds ?? []) : [];
    const def = command !== undefined && 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
    return wordsOf(def !== undefined && 'Constraint' in def ? def.Constraint.keys : [])[0] ?? '';
  }

  #trigger({ name, routine, type, definition }: CatalogRows['triggers'][number]): readonly Trigger[] {
    const id = this.#loading.routineId(routine);
    const node = this.#loading.parse(definition);
    const { whenClause: when, constrrel }: CreateTrigStmt =
      node !== undefined && 'CreateTrigStmt' in node ? node.CreateTrigStmt : {};
    const from =
      constrrel === undefined ? undefined : this.#loading.scope.names.relation(rangeName(constrrel)).relation;
    const bits = { row: (type & 1) !== 0, instead: (type & 64) !== 0 };
    return [
      {
        name,
        events: eventsOf(type),
        ...(id === undefined ? {} : { routine: id }),
        isInstead: bits.instead,
        isRow: bits.row,
        ...(when === undefined ? {} : { when: this.#loading.scope.bind(when) }),
        ...(from === undefined ? {} : { from: from.id }),
      },
    ];
  }

  #rule({ name, event, isInstead, definition }: CatalogRows['rules'][number]): Rule {
    const node = this.#loading.parse(definition);
    const rule = node !== undefined && 'RuleStmt' in node ? node.RuleStmt : undefined;
    const bound =
      rule === undefined
        ? unreadable(definition)
        : this.#loading.scope.bind([rule.whereClause ?? {}, ...(rule.actions ?? [])]);
    return {
      name,
      event,
      isInstead,
      isConditional: rule?.whereClause !== undefined,
      actions: { ...bound, unknown: bound.unknown.filter((reason) => !/relation (?:old|new)$/.test(reason)) },
    };
  }

  #policy({ name, using, check }: CatalogRows['policies'][number]): Policy {
    const texts = [using, check].filter((text) => text !== null);
    return { name, expressions: texts.length === 0 ? NOTHING : this.#bind(`SELECT ${texts.join(', ')}`) };
  }

  #partitionKey(text: string): Bound {
    const node = this.#loading.parse(`CREATE TABLE t () PARTITION BY ${text}`);
    const spec = node !== undefined && 'CreateStmt' in node ? node.CreateStmt.partspec : undefined;
    return spec === undefined ? NOTHING : this.#loading.scope.bind(spec);
  }

  #indexParts(oid: number): Partial<Relation> {
    const index = this.#indexes.get(oid);
    if (index === undefined) return {};
    const table = this.#loading.relationId(index.table);
    const node = this.#loading.parse(index.definition);
    const { indexParams, indexIncludingParams, whereClause } =
      node !== undefined && 'IndexStmt' in node ? node.IndexStmt : {};
    return {
      ...(table === undefined ? {} : { table }),
      isUnique: index.isUnique,
      keys: index.keys,
      ...(indexParams === undefined
        ? {}
        : { indexed: namedColumns([indexParams, indexIncludingParams, whereClause]) }),
      expressions: this.#loading.scope.bind([indexParams ?? [], whereClause ?? {}]),
    };
  }

  #sequenceParts(oid: number): Partial<Relation> {
    const { owner = 0, column, isCached = false } = this.#sequences.get(oid) ?? {};
    const table = this.#loading.relationId(owner);
    const name = (this.#columns.get(owner) ?? []).find(({ number }) => number === column)?.name;
    return {
      ...(isCached ? { isCached } : {}),
      ...(table === undefined ? {} : { table, ...(name === undefined ? {} : { column: name }) }),
    };
  }
}

/** As pg_get_expr writes a serial column's default. */
const DRAW = /^SELECT nextval\('(?:[^']|'')+'::regclass\)$/;

function unreadable(text: string): Bound {
  return { ...NOTHING, unknown: [`a definition that cannot be parsed: ${text.slice(0, 60)}`] };
}

function grouped<T>(rows: readonly T[], key: (row: T) => number): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}
