import type { Diagnostic } from '../model/diagnostic.js';
import type { Step, Together } from '../model/job.js';
import type { Place } from '../model/place.js';
import { isChunkSplit, type Script, type SplitDirective, type Statement } from '../model/script.js';
import { withSetting } from './context.js';
import type { PlanOptions } from './options.js';
import { needsSession } from '../script/session-effect.js';
import { renderTemplate } from '../script/template.js';

/**
 * A script cut into units: the smallest runs of statements that one connection must do in one go.
 *
 * A unit is one statement, or a transaction block from its BEGIN to its COMMIT or ROLLBACK. A script that leaves
 * something in its session that only that session has (temporary tables, prepared statements, …), a `file session`
 * script and one under --single-transaction are one unit as a whole.
 *
 * With each unit goes its context: the settings (SET, SET ROLE, set_config) that the statements before it in the
 * script have left in force, to be replayed on whichever connection runs the unit. Settings made in a block that
 * rolls back are gone with it, as on the server.
 *
 * It does not know what functions do inside the server: a function that changes a setting of its session does so
 * for its own job only.
 */
export interface Unit {
  readonly kind: 'statement' | 'block' | 'script';
  readonly statements: readonly Statement[];
  readonly context: readonly Step[];
  /** Of a part of a script: why it is one unit. */
  readonly together?: Together;
}

export function unitsOf(script: Script, options: Pick<PlanOptions, 'singleTransaction'>): readonly Unit[] {
  const whole = script.mode.session || options.singleTransaction || isTied(script);
  return whole ? [{ kind: 'script', statements: script.statements, context: [] }] : cut(script.statements);
}

/** True when a later statement may need the very session of an earlier one. */
function isTied(script: Script): boolean {
  return script.statements.some(({ facts }) => needsSession(facts.session));
}

/** Statements, and transaction blocks, each a unit. */
export function cut(statements: readonly Statement[]): readonly Unit[] {
  const units: Unit[] = [];
  let context: readonly Step[] = [];
  let block: Statement[] = [];
  let inBlock = false;
  for (const statement of statements) {
    const { control } = statement.facts;
    // An array of its own has room for one; a list that grows has room for seventeen.
    if (block.length === 0) block = [statement];
    else block.push(statement);
    if (control === 'begin') inBlock = true;
    if (control === 'commit' || control === 'rollback' || control === 'prepare') inBlock = false;
    if (inBlock) continue;
    units.push(unit(block, context));
    if (control !== 'rollback') context = withSettings(context, block);
    block = [];
  }
  if (block.length > 0) units.push(unit(block, context));
  return units;
}

function unit(statements: readonly Statement[], context: readonly Step[]): Unit {
  const kind = statements[0]?.facts.control === 'begin' ? 'block' : 'statement';
  return { kind, statements, context };
}

function withSettings(context: readonly Step[], statements: readonly Statement[]): readonly Step[] {
  // Most set nothing.
  if (statements.every(({ facts }) => facts.session !== 'setting')) return context;
  const settings = lasting(statements);
  return settings.reduce(withSetting, context);
}

/** The settings of a block that are in force behind it: those behind a savepoint go back with it. */
function lasting(statements: readonly Statement[]): readonly Statement[] {
  const settings: Statement[] = [];
  const savepoints: { readonly name: string; readonly count: number }[] = [{ name: '', count: 0 }];
  for (const statement of statements) {
    if (statement.facts.session === 'setting') settings.push(statement);
    if (statement.facts.control !== 'savepoint') continue;
    const { action, name } = savepointOf(renderTemplate(statement.text).text);
    const at = action === 'start' ? 0 : savepoints.findLastIndex((one) => one.name === name);
    if (action === 'savepoint') savepoints.push({ name, count: settings.length });
    else if (action === 'commit') savepoints.splice(0, Infinity, { name: '', count: settings.length });
    else if (action === 'release' && at > 0) savepoints.splice(at);
    else if (at >= 0 && action !== 'release') {
      settings.splice(savepoints[at]?.count ?? 0);
      savepoints.splice(at + 1);
    }
  }
  return settings;
}

/** `start`: ROLLBACK AND CHAIN; `commit`: COMMIT AND CHAIN. Names are folded as SQL's are. */
function savepointOf(text: string): {
  readonly action: 'savepoint' | 'release' | 'back' | 'start' | 'commit';
  readonly name: string;
} {
  const [, word = '', quoted, plain = ''] =
    /^\s*(savepoint|release(?:\s+savepoint)?|rollback(?:\s+(?:work|transaction))?\s+to(?:\s+savepoint)?)\s+(?:"((?:[^"]|"")+)"|(\S+))/i.exec(
      text,
    ) ?? [];
  const name = quoted?.replaceAll('""', '"') ?? plain.toLowerCase();
  if (/^savepoint/i.test(word)) return { action: 'savepoint', name };
  if (/^release/i.test(word)) return { action: 'release', name };
  if (/^rollback/i.test(word)) return { action: 'back', name };
  return { action: /^\s*(?:rollback|abort)/i.test(text) ? 'start' : 'commit', name: '' };
}

export function stepOf(statement: Statement): Step {
  return { statement, place: statement.place };
}

/**
 * Statements that the server, or the author (`no-transaction`), keeps out of transactions, where there is one all the
 * same. Inside an explicit block only the author's word is checked: what the server refuses there it says itself.
 */
export function checkTransactions(
  units: readonly Unit[],
  options: Pick<PlanOptions, 'singleTransaction'>,
): readonly Diagnostic[] {
  return units.flatMap((unit) => {
    const block = unit.kind === 'block' || options.singleTransaction;
    const misplaced = unit.statements.filter(
      ({ directives, facts }) => directives.noTransaction || (facts.alone && options.singleTransaction),
    );
    return block ? misplaced.map((statement) => misplacedStatement(statement, options)) : [];
  });
}

function misplacedStatement(
  statement: Statement,
  { singleTransaction }: Pick<PlanOptions, 'singleTransaction'>,
): Diagnostic {
  return {
    severity: 'error',
    message: `this statement cannot run inside a transaction${singleTransaction ? ', which --single-transaction makes of its script' : ''}`,
    place: statement.place,
    hint: singleTransaction
      ? 'move it to a script that is run without -1'
      : 'take it out of the BEGIN … COMMIT block',
  };
}

/** Splits that cannot be spread over connections: an error in a transaction block, a warning in a one-session script. */
export function checkSplits(units: readonly Unit[]): readonly Diagnostic[] {
  return units.flatMap((unit) => {
    if (unit.kind === 'statement') return [];
    const splits = unit.statements.flatMap((statement) => statement.directives.split ?? []);
    return splits.map((split) => (unit.kind === 'block' ? splitInBlock(split.place) : splitInSession(split)));
  });
}

function splitInBlock(place: Place): Diagnostic {
  return {
    severity: 'error',
    message: 'a split inside a transaction block cannot run on several connections',
    place,
    hint: 'take the statement out of the BEGIN … COMMIT block',
  };
}

function splitInSession(split: SplitDirective): Diagnostic {
  const what = isChunkSplit(split)
    ? 'this split is one piece'
    : 'the pieces of this split run one after another';
  return {
    severity: 'warning',
    message: `${what}, because the script is one session`,
    place: split.place,
    hint: 'move the split to a script without temporary objects, prepared statements, “file session” or --single-transaction',
  };
}
