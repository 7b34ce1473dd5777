import type { Statement } from '../model/script.js';
import type { PipelineStatement } from './pipeline-units.js';
import type { PipelinePart, StepMessage } from './task.js';

/**
 * Whether a statement may share a message with its neighbours (pipeline-query.ts): a plain one, whose meaning is the same
 * in the extended protocol and in a block of its own. Not so what calls procedures that commit, what the server keeps out of
 * transaction blocks, COPY, several statements in one message, and what says that it has parameters.
 */
export function pipelinePart(
  statement: Statement,
  text: string,
  sharesMessage: boolean,
): PipelinePart | undefined {
  const { facts, directives, data, copyTo, echo, show, terminated } = statement;
  const { node, control, alone, count } = facts;
  const isPlain =
    KINDS.has(node) || (node === 'TransactionStmt' && control !== 'none' && control !== 'prepare');
  if (!isPlain || alone || count !== 1 || control === 'prepare') return undefined;
  if (data !== undefined || copyTo !== undefined || echo !== undefined || show?.timing === true)
    return undefined;
  if (directives.timeoutMs !== undefined || directives.noTransaction || UNFIT.test(text)) return undefined;
  const hasRows = node === 'SelectStmt' || /\breturning\b/i.test(text);
  const isLarge = LARGE.has(node) || (node === 'InsertStmt' && /\bselect\b/i.test(text));
  return partOf({
    control,
    hasRows,
    ...(isLarge ? { isLarge } : {}),
    ...(sharesMessage && terminated ? { sharesMessage } : {}),
  });
}

const parts = new Map<string, PipelinePart>();

/** Equal ones are one object: a job of a thousand statements goes to its thread with one. */
function partOf(part: PipelinePart): PipelinePart {
  const { control, hasRows, isLarge = false, sharesMessage = false } = part;
  const key = `${control} ${hasRows} ${isLarge} ${sharesMessage}`;
  const known = parts.get(key) ?? part;
  parts.set(key, known);
  return known;
}

/** Parameters; blocks that begin where one ends; what changes the encoding of texts, or new transactions. */
const UNFIT =
  /\$\d|\bchain\b|client_encoding|\bset\s+names\b|default_transaction|\bcharacteristics\b|pqrun_/i;

/** What goes through whole tables. */
const LARGE: ReadonlySet<string> = new Set(['IndexStmt', 'CreateTableAsStmt', 'AlterTableStmt', 'MergeStmt']);

/** libpg-query's names. */
const KINDS: ReadonlySet<string> = new Set([
  ...['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'SelectStmt', 'VariableSetStmt'],
  ...['CreateStmt', 'CreateTableAsStmt', 'ViewStmt', 'IndexStmt', 'AlterTableStmt', 'DropStmt', 'RenameStmt'],
  ...[
    'CreateSeqStmt',
    'AlterSeqStmt',
    'CreateSchemaStmt',
    'CreateFunctionStmt',
    'CreateTrigStmt',
    'RuleStmt',
  ],
  ...[
    'CompositeTypeStmt',
    'CreateEnumStmt',
    'CreateDomainStmt',
    'CreateRangeStmt',
    'DefineStmt',
    'CreateCastStmt',
  ],
  ...[
    'CommentStmt',
    'GrantStmt',
    'GrantRoleStmt',
    'AlterOwnerStmt',
    'AlterObjectSchemaStmt',
    'CreatePolicyStmt',
  ],
]);

/** The steps from `first` on that may be sent in one go. `inBlock`: a transaction block is open in front of them. */
export function pipelineAt(
  steps: readonly StepMessage[],
  first: number,
  inBlock: boolean,
): readonly PipelineStatement[] {
  const batch: PipelineStatement[] = [];
  let open = inBlock;
  let length = 0;
  for (
    let index = first;
    index < steps.length && batch.length < MOST_STATEMENTS && length < MOST_CHARACTERS;
    index += 1
  ) {
    const step = steps[index];
    if (step?.pipeline === undefined) break;
    const { control, hasRows, sharesMessage = false } = step.pipeline;
    if (control === 'begin') open = true;
    batch.push({ text: step.text, hasRows, isAlone: !open && control === 'none', sharesMessage });
    if (control === 'commit' || control === 'rollback') open = false;
    length += step.text.length;
  }
  return batch;
}

/** So much is on its way at a time: enough to keep the server busy, little enough for its answers to be buffered. */
const MOST_STATEMENTS = 250;
const MOST_CHARACTERS = 256 * 1024;
