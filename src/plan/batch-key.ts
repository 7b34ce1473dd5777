import type { Step } from '../model/job.js';

/**
 * Which jobs may go to a connection together, in one message and without a reset of the session between them: single plain
 * statements of one script that stand in the same context. Jobs with the same key do; undefined: only by itself.
 *
 * A script is one session to psql too. What a function leaves in it is seen by the statements that follow on the same
 * connection, as far as there are any: who lets statements overlap freely (`--order none`) does not count on that.
 */
export function batchKey(
  { statement, isLoose = false }: Pick<Step, 'statement' | 'isLoose'>,
  { script, context }: { readonly script: number; readonly context: number },
): string | undefined {
  const { facts, directives, data, copyTo, echo } = statement;
  const { node, count, control, alone, session } = facts;
  const isPlain = KINDS.has(node) && count === 1 && control === 'none' && !alone && session === 'none';
  if (!isPlain || isLoose || data !== undefined || copyTo !== undefined || echo !== undefined)
    return undefined;
  const { timeoutMs, noTransaction, retries } = directives;
  return timeoutMs === undefined && retries === undefined && !noTransaction
    ? `${script} ${context}`
    : undefined;
}

/** libpg-query's names, of definitions that look at no rows. */
export const QUICK_DEFINITIONS: ReadonlySet<string> = new Set([
  ...['CreateStmt', 'ViewStmt', 'CreateFunctionStmt', 'CreateTrigStmt', 'RuleStmt', 'CreatePolicyStmt'],
  ...['CreateSeqStmt', 'CreateEnumStmt', 'CompositeTypeStmt', 'CreateDomainStmt', 'CreateSchemaStmt'],
  ...['CommentStmt', 'GrantStmt', 'AlterOwnerStmt'],
]);

const KINDS: ReadonlySet<string> = new Set([
  ...['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'],
  ...QUICK_DEFINITIONS,
]);
