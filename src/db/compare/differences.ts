import type { Difference, FactDifference, RowsDifference } from '../../model/difference.js';
import type { DatabaseDescription, DescribedObject, Facts } from './description.js';

/** Objects first, each by its name, then rows. */
export function compareDescriptions(
  left: DatabaseDescription,
  right: DatabaseDescription,
): readonly Difference[] {
  const keys = [...new Set([...left.objects.keys(), ...right.objects.keys()])].toSorted();
  const found: Difference[] = [];
  for (const key of keys) {
    const [one, other] = [left.objects.get(key), right.objects.get(key)];
    if (one !== undefined && other !== undefined) {
      const { what, object } = one;
      const facts = compareFacts(one.facts, other.facts);
      if (facts.length > 0) found.push({ kind: 'facts', what, object, facts });
      continue;
    }
    const only = one ?? other;
    if (only === undefined || isPartOfMissing(only, [left, right])) continue;
    const { what, object } = only;
    found.push({ kind: 'object', what, object, onlyIn: one === undefined ? 'right' : 'left' });
  }
  return [...found, ...compareRows(left, right)];
}

/** A table that is missing says it all: its columns and indexes are, too. */
function isPartOfMissing(
  { parent }: DescribedObject,
  [left, right]: readonly [DatabaseDescription, DatabaseDescription],
): boolean {
  return parent !== undefined && left.objects.has(parent) !== right.objects.has(parent);
}

function compareFacts(left: Facts, right: Facts): readonly FactDifference[] {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names
    .map((name) => ({ name, left: left[name] ?? null, right: right[name] ?? null }))
    .filter((fact) => fact.left !== fact.right);
}

function compareRows(left: DatabaseDescription, right: DatabaseDescription): readonly RowsDifference[] {
  const found: RowsDifference[] = [];
  for (const [key, { what, object, count, checksum }] of left.rows) {
    const other = right.rows.get(key);
    if (other !== undefined && (other.count !== count || other.checksum !== checksum))
      found.push({ kind: 'rows', what, object, left: count, right: other.count });
  }
  return found;
}
