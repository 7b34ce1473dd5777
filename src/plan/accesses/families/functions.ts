import type { CreateFunctionStmt, CreateTrigStmt, DefElem, FunctionParameter, Node } from 'libpg-query';
import { joinBounds, type Bound } from '../../catalog/bound.js';
import type { Constraint, Routine, RowEvent } from '../../catalog/objects.js';
import { mentionsOfCode } from '../code.js';
import { nameOf } from '../mentions.js';
import { Names } from '../../catalog/names.js';
import { bind } from '../bind.js';
import { HIDDEN } from '../follow.js';
import { followDefinitions, followVariableTypes } from '../follow-routine.js';
import type { Scope } from '../scope.js';
import { splitPath, valuesOf } from '../settings.js';
import { constantOf } from '../constants.js';
import { wordsOf } from '../walk.js';
import { stored } from './columns.js';
import { takeNames } from './constraint-names.js';
import { optionNamed } from './options.js';
import { useRoleNamed } from './roles.js';
import type { Rules } from './rule.js';

/**
 * Functions, procedures, triggers and DO blocks.
 *
 * Overloads of one name share its slot, but are objects of their own: which one a call means depends on types that are not
 * known here, so that a call uses them all.
 */
export const FUNCTION_RULES: Rules = {
  CreateFunctionStmt: createFunction,
  AlterFunctionStmt: ({ func, actions = [] }, scope) => {
    scope.ddl();
    const routines = scope.routines(nameOf(wordsOf(func?.objname)));
    scope.useTypes(func);
    const changesSettings = optionNamed(actions, 'set') !== undefined;
    for (const routine of routines) {
      scope.define(routine);
      scope.defineSlot('routine', routine.schema, routine.name);
      if (changesSettings) scope.touch.unknown.push('ALTER FUNCTION … SET changes what its names mean');
    }
  },
  CreateTrigStmt: createTrigger,
  CreateEventTrigStmt: ({ funcname }, scope) => {
    scope.ddl();
    scope.catalog.hasEventTriggers = true;
    for (const { id } of scope.routines(nameOf(wordsOf(funcname)))) scope.catalog.eventTriggers.add(id);
    scope.touch.alone.push('event triggers run with all DDL');
  },
  DoStmt: ({ args = [] }, scope) => {
    const source = textOf(optionNamed(args, 'as')) ?? '';
    const language = textOf(optionNamed(args, 'language')) ?? 'plpgsql';
    if (language !== 'plpgsql') {
      scope.touch.session.add('unknown');
      scope.touch.unknown.push(`a DO block in ${language}, which is not read`);
      return;
    }
    const tag = `$pqrun${source.length}$`;
    const code = scope.texts.blockOf(`DO ${tag}${source}${tag}`, source);
    scope.touch.unknown.push(...code.unknown.map((reason) => `${reason} in a DO block`));
    for (const tie of code.session) scope.touch.session.add(tie);
    if (code.hasHandler) scope.follower.mindsRefusal = true;
    scope.follow(scope.bindMentions(code.mentions));
    followVariableTypes(scope.follower, scope.names, code);
    followDefinitions(code, 'a DO block', scope);
  },
};

function createFunction(node: CreateFunctionStmt, scope: Scope): void {
  scope.ddl();
  const routine = routineOf(node, scope);
  if (routine.isString) validate(routine, scope);
  scope.create(routine, 'routine');
  // The trigger fires once the command is done, and so with the new body.
  if (scope.catalog.eventTriggers.has(routine.id)) scope.follower.routine(routine.id);
}

/** The routine that the statement makes; what it rests on is used. */
export function routineOf(node: CreateFunctionStmt, scope: Scope): Routine {
  const words = wordsOf(node.funcname);
  const schema = scope.creationSchema(words.at(-2));
  const name = words.at(-1) ?? '';
  const parameters = (node.parameters ?? []).flatMap((one) =>
    'FunctionParameter' in one ? [one.FunctionParameter] : [],
  );
  const identity = parameters.filter(isInput).map(typeText).join(', ');
  // One that ends with its session is replaced in that session, or not at all.
  const before = scope.routines({ schema, name }).find((one) => one.arguments === identity);
  const options = node.options ?? [];
  const language = textOf(optionNamed(options, 'language')) ?? 'sql';
  const source = textOf(optionNamed(options, 'as')) ?? '';
  const isString = node.sql_body === undefined;
  const body = joinBounds([
    ...parameters.map(({ defexpr }) => stored(defexpr, scope)),
    isString ? undefined : atomicBody(node.sql_body, scope),
  ]);
  const types = [...parameters.map(({ argType }) => argType), node.returnType].flatMap(
    (type) => scope.typeOrRelation(type) ?? [],
  );
  const settings = settingsOf(options);
  for (const { name: setting, values = [] } of settings) {
    if (setting !== 'role' && setting !== 'session_authorization') continue;
    scope.catalog.meetOthers();
    useRoleNamed(values[0] ?? '', scope);
  }
  const path = settings.findLast((setting) => setting.name === 'search_path');
  return {
    class: 'routine',
    id: before?.id ?? scope.fresh('function', schema, `${name}()`),
    schema,
    name,
    language: language.toLowerCase(),
    source,
    ...(language.toLowerCase() === 'plpgsql' ? { definition: asText(node, { parameters, source }) } : {}),
    body,
    isString,
    arguments: identity,
    ...(path === undefined ? {} : { searchPath: (path.values ?? scope.path).map(quoted).join(', ') }),
    types,
    volatility: 'volatile',
  };
}

/** Enough to tell overloads apart: `int` and `integer` are one to the parser, schemas are left out. */
function typeText({ argType }: FunctionParameter): string {
  const isArray = (argType?.arrayBounds ?? []).length > 0;
  return `${wordsOf(argType?.names).at(-1) ?? ''}${isArray ? '[]' : ''}`;
}

/** A body is looked at when it is made: what SQL names must be there, and the types of PL/pgSQL's variables. */
function validate(routine: Routine, scope: Scope): void {
  if (routine.language !== 'sql' && routine.language !== 'plpgsql') return;
  const { mentions, variableTypes } = scope.texts.bodyOf(routine);
  const path = routine.searchPath === undefined ? scope.path : splitPath(routine.searchPath);
  const names = new Names(scope.catalog, path);
  if (routine.language === 'sql') scope.storeRewritten(bind(mentions, names, (slot) => scope.useSlot(slot)));
  // Collations of variables are looked up now, too, and the parser's tree leaves them out.
  if (/\bcollate\b/i.test(routine.source)) scope.touch.named(HIDDEN, 'use');
  for (const name of variableTypes) {
    const { type, relation } = names.type(name);
    const id = type?.id ?? relation?.id;
    if (id !== undefined) scope.use(id);
  }
}

/** BEGIN ATOMIC and RETURN: bound now. Statements in it are what mentionsOfCode knows. */
function atomicBody(body: Node | undefined, scope: Scope): Bound {
  const statements = flat(body);
  const { mentions, unknown } = mentionsOfCode(statements, { hasHandler: false });
  const bound = scope.bindMentions(mentions);
  scope.storeRewritten(bound);
  return { ...bound, unknown: [...bound.unknown, ...unknown] };
}

function flat(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return 'List' in node ? (node.List.items ?? []).flatMap(flat) : [node];
}

/** In `arguments` only what a call gives counts. */
function isInput({ mode }: FunctionParameter): boolean {
  return mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE';
}

/**
 * What the PL/pgSQL parser is given: the body, and a signature in which types do not matter. Names of parameters do: they
 * are variables of the body.
 */
function asText(
  { returnType }: CreateFunctionStmt,
  { parameters, source }: { readonly parameters: readonly FunctionParameter[]; readonly source: string },
): string {
  const tag = `$pqrun${source.length}$`;
  const last = wordsOf(returnType?.names).at(-1) ?? '';
  const isSet = returnType?.setof === true || parameters.some(({ mode }) => mode === 'FUNC_PARAM_TABLE');
  const hasOut = parameters.some(({ mode }) => /_(?:OUT|INOUT|TABLE)$/.test(mode ?? ''));
  const returns = /^(?:event_)?trigger$/.test(last)
    ? last
    : last === 'void' || returnType === undefined
      ? 'void'
      : 'text';
  const list = parameters.map(({ name = '', mode }) => {
    const direction = /_(?:OUT|TABLE)$/.test(mode ?? '')
      ? 'OUT '
      : mode === 'FUNC_PARAM_INOUT'
        ? 'INOUT '
        : '';
    return `${direction}${name === '' ? '' : `"${name.replaceAll('"', '""')}"`} record`;
  });
  const result = hasOut
    ? isSet
      ? 'RETURNS SETOF record'
      : ''
    : `RETURNS ${isSet ? 'SETOF ' : ''}${returns}`;
  return `CREATE FUNCTION f(${list.join(', ')}) ${result} LANGUAGE plpgsql AS ${tag}${source}${tag}`;
}

function createTrigger(node: CreateTrigStmt, scope: Scope): void {
  scope.ddl();
  const table = scope.relation(node.relation);
  if (table === undefined) return;
  scope.defineTree(table);
  const routines = scope.routines(nameOf(wordsOf(node.funcname)));
  const other = node.constrrel === undefined ? undefined : scope.relation(node.constrrel);
  if (other !== undefined) scope.define(other);
  const when = stored(node.whenClause, scope);
  const name = node.trigname ?? '';
  if (routines.length === 0) {
    scope.touch.unknown.push(
      `nothing is known of the trigger function ${wordsOf(node.funcname).join('.')}()`,
    );
    return;
  }
  const triggers = routines.map(({ id }) => {
    scope.use(id);
    return {
      name,
      events: eventsOf(node.events ?? 0),
      routine: id,
      isInstead: (node.timing ?? 0) === INSTEAD,
      isRow: node.row === true,
      ...(when === undefined ? {} : { when }),
      ...(other === undefined ? {} : { from: other.id }),
    };
  });
  const others = table.triggers.filter((one) => one.name !== name || node.replace !== true);
  const constraints: readonly Constraint[] = node.isconstraint === true ? [{ type: 'other', name }] : [];
  takeNames(constraints, table.schema, scope);
  scope.catalog.put({
    ...table,
    triggers: [...others, ...triggers],
    constraints: [...table.constraints, ...constraints],
  });
}

/** src/include/catalog/pg_trigger.h: TRIGGER_TYPE_… */
const INSTEAD = 64;
export function eventsOf(bits: number): readonly RowEvent[] {
  const events: RowEvent[] = [];
  if ((bits & 4) !== 0) events.push('insert');
  if ((bits & 8) !== 0) events.push('delete');
  if ((bits & 16) !== 0) events.push('update');
  if ((bits & 32) !== 0) events.push('truncate');
  return events;
}

/** A word, or the strings of AS (of a C function: the file and the symbol; the last one counts). */
function textOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if ('String' in node) return node.String.sval ?? '';
  if ('List' in node) return textOf(node.List.items?.at(-1));
  return constantOf(node);
}

interface FunctionSetting {
  readonly name: string;
  /** Undefined: FROM CURRENT. */
  readonly values: readonly string[] | undefined;
}

/** SET clauses. TO DEFAULT and RESET keep nothing. */
function settingsOf(options: readonly Node[]): readonly FunctionSetting[] {
  return options.flatMap((option) => {
    const element: DefElem | undefined = 'DefElem' in option ? option.DefElem : undefined;
    const set = element?.defname === 'set' ? element.arg : undefined;
    if (set === undefined || !('VariableSetStmt' in set)) return [];
    const { name = '', kind } = set.VariableSetStmt;
    const values = valuesOf(set.VariableSetStmt);
    return values === undefined && kind !== 'VAR_SET_CURRENT' ? [] : [{ name, values }];
  });
}

/** A setting's value that was a list of names, each as a name is written. */
function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** CREATE OPERATOR, CAST, OPERATOR CLASS …: their functions are called without being named from now on. */
export function callHidden(names: readonly (readonly string[])[], scope: Scope): void {
  scope.ddl();
  scope.touch.named(HIDDEN, 'define');
  for (const words of names) {
    if (words.length === 0) continue;
    for (const routine of scope.routines(nameOf(words))) {
      scope.use(routine.id);
      scope.catalog.hidden.add(routine.id);
    }
  }
  scope.catalog.generation++;
}
