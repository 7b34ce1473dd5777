import type { Diagnostic } from '../model/diagnostic.js';
import type { Script, Statement } from '../model/script.js';
import { leavesTransaction } from '../script/transaction-control.js';

/**
 * What cannot be under --snapshot, where each job is one transaction that reads what the run's snapshot shows: statements
 * that end or begin transactions, that the server or the author keeps out of them, and `\connect`, because another
 * database has no part in the snapshot.
 *
 * Of a script that is read while it runs only what was seen beforehand is checked; db/live/ watches the rest.
 */
export function checkSnapshot({ statements, live }: Script): readonly Diagnostic[] {
  const faults = statements.flatMap((statement) => faultOf(statement));
  if (live?.connect === undefined) return faults;
  const message = '\\connect leads away from the snapshot that --snapshot makes all jobs read';
  const hint = 'run the script without --snapshot, or what stands behind \\connect by itself with -d';
  return [...faults, { severity: 'error', message, place: live.connect, hint }];
}

function faultOf(statement: Statement): readonly Diagnostic[] {
  const { directives, facts, place } = statement;
  if (leavesTransaction(facts.control, textOf(statement))) {
    const message = 'a script cannot begin or end transactions under --snapshot: each of its jobs is one';
    const hint = 'take the statement out, or run the script without --snapshot';
    return [{ severity: 'error', message, place, hint }];
  }
  if (!facts.alone && !directives.noTransaction) return [];
  const message = 'this statement cannot run inside a transaction, which --snapshot makes of its job';
  return [{ severity: 'error', message, place, hint: 'move it to a script that is run without --snapshot' }];
}

function textOf({ text }: Statement): string {
  return text.map((fragment) => (fragment.kind === 'slot' ? ' ' : fragment.text)).join('');
}
