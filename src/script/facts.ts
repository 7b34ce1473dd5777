import type { Node } from 'libpg-query';
import { runsAlone } from './runs-alone.js';
import { sessionEffect, settingOf, strongest } from './session-effect.js';
import { nodeName } from './tree.js';
import type { SessionEffect, StatementFacts, TransactionControl } from '../model/script.js';

/**
 * What a statement's parse tree alone tells. Scripts have many statements and few kinds, so equal facts are one object.
 */
export function statementFacts(nodes: readonly Node[], text: string): StatementFacts {
  const [first] = nodes;
  if (first === undefined)
    return shared({ node: '', count: 0, control: 'none', alone: false, session: 'none' });
  const session = nodes.length === 1 ? sessionEffect(first, text) : effectOfMany(nodes, text);
  const setting = session === 'setting' ? settingOf(first) : undefined;
  return shared({
    node: nodeName(first),
    count: nodes.length,
    control: nodes.map(transactionControl).findLast((control) => control !== 'none') ?? 'none',
    alone: nodes.some(runsAlone),
    session,
    ...(setting === undefined ? {} : { setting }),
  });
}

/** True for COPY … FROM STDIN, whose data follow in the script. */
export function isCopyFromStdin(node: Node): boolean {
  if (!('CopyStmt' in node)) return false;
  const { is_from: isFrom, is_program: isProgram, filename } = node.CopyStmt;
  return isFrom === true && isProgram !== true && filename === undefined;
}

/**
 * `SET name`, `RESET name`, `RESET ALL`: the value it has afterwards, `default` for what the session began with; undefined
 * for any other statement.
 */
export function settingAfter(node: Node, setting: string): string | undefined {
  if (!('VariableSetStmt' in node)) return undefined;
  const { kind, name, args, is_local: isLocal } = node.VariableSetStmt;
  if (kind === 'VAR_RESET_ALL') return 'default';
  if (name !== setting || isLocal === true) return undefined;
  const [value] = args ?? [];
  if (value === undefined || !('A_Const' in value)) return 'default';
  return value.A_Const.sval?.sval ?? String(value.A_Const.ival?.ival ?? 0);
}

/** The server's booleans: beginnings of words, and 0. */
export function meansOff(value: string): boolean {
  return /^(?:off?|f|fa|fal|fals|false|no?|0)$/i.test(value);
}

/** Several statements in one message (`\;`) cannot be replayed for the sake of a setting among them. */
function effectOfMany(nodes: readonly Node[], text: string): SessionEffect {
  const effect = strongest(nodes.map((node) => sessionEffect(node, text)));
  return effect === 'setting' ? 'tied' : effect;
}

function transactionControl(node: Node): TransactionControl {
  if (!('TransactionStmt' in node)) return 'none';
  const { kind, chain } = node.TransactionStmt;
  switch (kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      return 'begin';
    case 'TRANS_STMT_COMMIT':
      return chain === true ? CHAINED : 'commit';
    case 'TRANS_STMT_ROLLBACK':
      return chain === true ? CHAINED : 'rollback';
    case 'TRANS_STMT_PREPARE':
      return 'prepare';
    case 'TRANS_STMT_SAVEPOINT':
    case 'TRANS_STMT_RELEASE':
    case 'TRANS_STMT_ROLLBACK_TO':
      return 'savepoint';
    default:
      // COMMIT PREPARED and ROLLBACK PREPARED end a transaction that is not this session's.
      return 'none';
  }
}

/** COMMIT AND CHAIN ends one block and begins the next: whoever is in a block stays in one, as with a savepoint. */
const CHAINED: TransactionControl = 'savepoint';

const known = new Map<string, StatementFacts>();

function shared(facts: StatementFacts): StatementFacts {
  const key = `${facts.node} ${facts.count} ${facts.control} ${facts.alone} ${facts.session} ${facts.setting}`;
  const same = known.get(key);
  if (same === undefined) known.set(key, facts);
  return same ?? facts;
}
