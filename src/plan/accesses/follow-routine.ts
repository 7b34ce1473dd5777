import { builtInFunction } from '../catalog/built-in-functions.js';
import { extensionFunction } from '../catalog/known-extensions.js';
import { Names } from '../catalog/names.js';
import { undecided } from '../catalog/undecided.js';
import type { Routine } from '../catalog/objects.js';
import { slotOf } from '../catalog/catalog.js';
import { bind } from './bind.js';
import type { Following } from './following.js';
import type { Code } from './code.js';
import { splitPath } from './settings.js';

/**
 * A call of a function, a procedure or an aggregate → what its body does.
 *
 * Bodies in a string are resolved each time, under the search_path of the caller or that of the function's own SET clause;
 * those of BEGIN ATOMIC were bound when they were created. What is declared (IMMUTABLE, STABLE) is not believed, since
 * PostgreSQL does not check it; only functions in C of extensions that are known are.
 */
export function followRoutine(follower: Following, id: number): void {
  const routine = follower.catalog.routine(id);
  if (routine === undefined) return;
  const { touch } = follower;
  const path = routine.searchPath === undefined ? follower.path : splitPath(routine.searchPath);
  // CREATE OR REPLACE may have given it another body meanwhile.
  const { generation } = follower.catalog;
  if (!follower.firstTime(`routine ${id} ${generation} ${path.join()}`)) return;
  touch.add(id, 'use');
  if (follower.catalog.undecided.has(undecided('routine', routine.name))) touch.session.add('unknown');
  if (touch.follows('name slot')) touch.named(slotOf(routine), 'use');
  if (!touch.follows('function')) return;
  for (const type of routine.types) follower.type(type);
  const outer = { path: follower.path, mindsRefusal: follower.mindsRefusal, isReplica: follower.isReplica };
  follower.path = path;
  follower.isReplica = false;
  follower.bound(routine.body);
  if (routine.isString) followText(follower, routine);
  follower.path = outer.path;
  follower.mindsRefusal = outer.mindsRefusal;
  follower.isReplica = outer.isReplica;
}

function followText(follower: Following, routine: Routine): void {
  switch (routine.language) {
    case 'sql':
    case 'plpgsql': {
      followBody(follower, routine);
      return;
    }
    case 'internal':
      if (!CONSTRUCTORS.test(routine.source) && builtInFunction(routine.source) !== 'pure')
        unreadable(follower, routine);
      return;
    case 'c':
      if (!isHarmless(routine)) unreadable(follower, routine);
      return;
    default:
      unreadable(follower, routine);
  }
}

/**
 * Of ranges and multiranges; what they compare with belongs to the range. Source: src/backend/commands/typecmds.c,
 * makeRangeConstructors and makeMultirangeConstructors.
 */
const CONSTRUCTORS = /^(?:multi)?range_constructor\d$/;

function isHarmless({ extension, name }: Routine): boolean {
  return extension !== undefined && extensionFunction(extension, name) === 'pure';
}

function unreadable({ touch }: Following, { schema, name, language }: Routine): void {
  // It may keep things in its session (%_SHARED, GD).
  touch.session.add('unknown');
  touch.unknown.push(`the function ${schema}.${name}() is written in ${language}, which is not read`);
}

function followBody(follower: Following, routine: Routine): void {
  const body = follower.texts.bodyOf(routine);
  const { touch, catalog } = follower;
  const where = `${routine.schema}.${routine.name}()`;
  for (const reason of body.unknown) touch.unknown.push(`${reason} in ${where}`);
  for (const tie of body.session) touch.session.add(tie);
  if (body.hasHandler && touch.follows('handler')) follower.mindsRefusal = true;
  const names = new Names(catalog, follower.path);
  const bound = bind(body.mentions, names, (slot) => {
    if (touch.follows('name slot')) touch.named(slot, 'use');
  });
  follower.bound(bound);
  followVariableTypes(follower, names, body);
  followDefinitions(body, where, { follower, names });
}

/**
 * Definitions in a body, where only a run knows which are carried out: what they name may be evaluated by what stands behind them,
 * and columns that they make may draw from sequences. What is not there yet they make themselves.
 */
export function followDefinitions(
  { definitions, unknown }: Code,
  where: string,
  { follower, names }: { readonly follower: Following; readonly names: Names },
): void {
  const { touch, catalog } = follower;
  const { reasons, mentions } = definitions;
  if (reasons.length === 0 && unknown.length === 0) return;
  touch.undecided.push(...reasons.map((reason) => `${reason} in ${where}`));
  follower.bound({ ...bind(mentions, names, () => undefined), unknown: [] });
  for (const id of catalog.eventTriggers) follower.routine(id);
  if (TIED.some((tie) => touch.session.has(tie))) touch.session.add('rest');
  touch.session.add('draws');
  touch.sequences.drawn.add('some');
  for (const one of definitions.undecided) catalog.undecided.add(one);
}

const TIED = ['keeps', 'needs', 'drawn'] as const;

/** Domains, whose values are checked when one is set, also within rows, and tables (`t%ROWTYPE`, `t.a%TYPE`), whose columns count. */
export function followVariableTypes(follower: Following, names: Names, { variableTypes }: Code): void {
  for (const name of variableTypes) {
    const { type, relation } = names.type(name);
    if (type?.kind === 'domain' || type?.kind === 'composite') follower.type(type.id);
    if (relation !== undefined) follower.type(relation.id);
  }
}
