import type { A_Const, Node } from 'libpg-query';
import type { SerialMention } from './mentions.js';

/** `pg_get_serial_sequence('t', 'a')` of constants, casts looked through. */
export function serialOf(node: Node | undefined): SerialMention | undefined {
  if (node === undefined) return undefined;
  if ('TypeCast' in node) return serialOf(node.TypeCast.arg);
  if (!('FuncCall' in node)) return undefined;
  const { funcname, args = [] } = node.FuncCall;
  const [table, column] = args.map(constantOf);
  const last = funcname?.at(-1);
  const isMeant = last !== undefined && 'String' in last && last.String.sval === 'pg_get_serial_sequence';
  return isMeant && table !== undefined && column !== undefined ? { table, column } : undefined;
}

/** A string constant, casts looked through; undefined for anything else. */
export function constantOf(node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if ('TypeCast' in node) return constantOf(node.TypeCast.arg);
  const constant: A_Const | undefined = 'A_Const' in node ? node.A_Const : undefined;
  return constant?.sval === undefined ? undefined : (constant.sval.sval ?? '');
}
