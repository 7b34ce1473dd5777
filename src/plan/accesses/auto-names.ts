import type { Scope } from './scope.js';

export interface TableName {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
}

/**
 * Names that PostgreSQL chooses itself: `t_pkey`, `t_a_idx`, `t_id_seq`; with a number when they are taken. All that it
 * would try are defined, because whoever takes one first changes what the next one gets.
 *
 * Source: src/backend/commands/indexcmds.c, makeObjectName and ChooseRelationName.
 */
export function chooseRelationName(
  scope: Scope,
  {
    schema,
    first,
    second,
    label,
  }: { readonly schema: string; readonly first: string; readonly second: string; readonly label: string },
): string {
  for (let number = 0; ; number++) {
    const name = objectName(first, second, number === 0 ? label : `${label}${number}`);
    scope.defineSlot('relation', schema, name);
    if (scope.catalog.relationNamed(schema, name) === undefined) return name;
  }
}

/** In bytes. */
export const LONGEST_NAME = 63;

/** Both parts are shortened, the longer one first, until all fits. */
export function objectName(first: string, second: string, label: string): string {
  const parts = [Buffer.from(first), Buffer.from(second)] as const;
  let [one, two] = [parts[0].length, parts[1].length];
  const overhead = Buffer.byteLength(label) + 1 + (second === '' ? 0 : 1);
  while (one + two > LONGEST_NAME - overhead) {
    if (one > two) one--;
    else two--;
  }
  const cut = (bytes: Buffer, length: number): string =>
    bytes
      .subarray(0, length)
      .toString('utf8')
      .replace(/\uFFFD+$/, '');
  return [cut(parts[0], one), ...(second === '' ? [] : [cut(parts[1], two)]), label].join('_');
}
