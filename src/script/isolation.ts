import type { Node } from 'libpg-query';

/** The isolation level that BEGIN or SET TRANSACTION names, `serializable`; undefined when it names none. */
export function isolationNamed(node: Node): string | undefined {
  const options =
    'TransactionStmt' in node
      ? node.TransactionStmt.options
      : setsTransaction(node) && 'VariableSetStmt' in node
        ? node.VariableSetStmt.args
        : undefined;
  for (const option of options ?? []) {
    if (!('DefElem' in option) || option.DefElem.defname !== 'transaction_isolation') continue;
    const { arg } = option.DefElem;
    if (arg !== undefined && 'A_Const' in arg) return arg.A_Const.sval?.sval;
  }
  return undefined;
}

/** SET TRANSACTION …, which the server takes only at the beginning of a transaction. */
export function setsTransaction(node: Node): boolean {
  if (!('VariableSetStmt' in node)) return false;
  const { kind, name = '' } = node.VariableSetStmt;
  return kind === 'VAR_SET_MULTI' && name.startsWith('TRANSACTION');
}
