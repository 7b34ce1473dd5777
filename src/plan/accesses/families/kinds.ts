/** Kinds of relations, as DROP and RENAME name them. */
export const RELATION_KINDS: ReadonlySet<string> = new Set([
  ...[
    'OBJECT_TABLE',
    'OBJECT_VIEW',
    'OBJECT_MATVIEW',
    'OBJECT_SEQUENCE',
    'OBJECT_INDEX',
    'OBJECT_FOREIGN_TABLE',
  ],
]);
export const ROUTINE_KINDS: ReadonlySet<string> = new Set([
  'OBJECT_FUNCTION',
  'OBJECT_PROCEDURE',
  'OBJECT_ROUTINE',
  'OBJECT_AGGREGATE',
]);
export const TYPE_KINDS: ReadonlySet<string> = new Set(['OBJECT_TYPE', 'OBJECT_DOMAIN']);

/** What the symbolic catalog finds by its name. */
export function isFollowed(kind: string): boolean {
  return [RELATION_KINDS, ROUTINE_KINDS, TYPE_KINDS].some((kinds) => kinds.has(kind));
}

/** `OBJECT_FOREIGN_TABLE` → `foreign table`. */
export function kindText(kind: string): string {
  return kind
    .replace(/^OBJECT_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
}

/** `OBJECT_OPERATOR` → `an operator`. */
export function aKind(kind: string): string {
  const text = kindText(kind);
  return `${/^[aeiou]/.test(text) ? 'an' : 'a'} ${text}`;
}
