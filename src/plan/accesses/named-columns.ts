import { wordsOf } from './walk.js';

/**
 * Columns that a tree names; those of an index as keys, in expressions, in its predicate, in INCLUDE: DROP COLUMN takes the whole index
 * with any of them (src/backend/catalog/dependency.c). `*` stands for a whole row.
 */
export function namedColumns(tree: unknown): readonly string[] {
  const names = new Set<string>();
  collect(tree, names);
  return [...names];
}

/** Whether it names the column, or may. */
export function isIndexed(columns: readonly string[] | undefined, name: string): boolean {
  return columns === undefined || columns.includes(name) || columns.includes('*');
}

function collect(value: unknown, names: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, names);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'IndexElem' && hasName(inner)) names.add(inner.name);
    if (key === 'ColumnRef' && hasFields(inner)) names.add(wordsOf(inner.fields).at(-1) ?? '*');
    else collect(inner, names);
  }
}

function hasName(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}

function hasFields(value: unknown): value is { readonly fields: Parameters<typeof wordsOf>[0] } {
  return typeof value === 'object' && value !== null && 'fields' in value;
}
