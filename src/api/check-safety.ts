import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import type { Script, Statement } from '../model/script.js';
import { readScripts } from '../plan/read-scripts.js';
import { partsOf } from '../script/statement-parts.js';
import type { Parser } from '../script/syntax.js';
import { mayShare, sharedEffect } from '../script/shared-objects.js';

/**
 * Databases of one server have roles, tablespaces and databases in common. Scripts that make them fail when they are built a second
 * time, and scripts that name a database change that one and not the scratch database: they are built on servers of their own.
 *
 * Throws InputError that names every such statement. What is done inside of functions and DO is not seen.
 */
export function refuseSharedObjects(plan: Plan, parser: Parser): void {
  const faults = readScripts(plan).flatMap((script) => faultsOf(script, parser));
  if (faults.length > 0) throw new InputError(faults.slice(0, SHOWN));
}

const SHOWN = 10;

function faultsOf({ statements, live }: Script, parser: Parser): readonly Diagnostic[] {
  const found = statements.flatMap((statement) => faultOf(statement, parser));
  if (live?.connect === undefined) return found;
  const message = '\\connect leaves the scratch database, for one that both builds would change';
  return [...found, { severity: 'error', message, place: live.connect, hint: REMEDY }];
}

function faultOf(statement: Statement, parser: Parser): readonly Diagnostic[] {
  const { node: kind, count } = statement.facts;
  if (count < 2 && !mayShare(kind)) return [];
  return partsOf(statement, undefined, parser).flatMap(({ node, place }): readonly Diagnostic[] => {
    const what = node === undefined ? undefined : sharedEffect(node);
    if (what === undefined) return [];
    const message = `${what}, and both builds would do it to the same one: it belongs to the whole server`;
    return [{ severity: 'error', message, place, hint: REMEDY }];
  });
}

const REMEDY = 'build each on a server of its own: --embedded';
