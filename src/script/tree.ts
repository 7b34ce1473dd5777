import type { Node } from 'libpg-query';

/*
 * Looking through parse trees. A tree is plain JSON; each node is an object with one key, the name of its type.
 */

/** libpg-query's name of a node's type, `InsertStmt`. */
export function nodeName(node: Node): string {
  return Object.keys(node)[0] ?? '';
}

/** The text of a String node: part of a name, or an option's word. */
export function stringOf(node: Node | undefined): string | undefined {
  return node !== undefined && 'String' in node ? (node.String.sval ?? '') : undefined;
}

/** An option of a command (`WITH (name = value)`), read as defGetBoolean does: a name without a value means true. */
export function booleanOption(options: readonly Node[] | undefined, name: string): boolean | undefined {
  for (const option of options ?? []) {
    if (!('DefElem' in option) || option.DefElem.defname !== name) continue;
    const { arg } = option.DefElem;
    if (arg === undefined) return true;
    if ('Integer' in arg) return (arg.Integer.ival ?? 0) !== 0;
    // A bare word that is no reserved one (`off`) is parsed as the name of a type.
    const word = 'TypeName' in arg ? arg.TypeName.names?.at(-1) : arg;
    return !/^(?:false|off)$/i.test(stringOf(word) ?? '');
  }
  return undefined;
}

/** Every object of a tree, from the outside in: nodes, and the fields that hold them. */
export function* objectsOf(root: unknown): Generator<object> {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) yield value;
    const fields: readonly unknown[] = Object.values(value);
    for (const field of fields) if (typeof field === 'object') open.push(field);
  }
}
