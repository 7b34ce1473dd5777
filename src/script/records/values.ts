import type { SlotValues } from '../../model/job.js';
import type { RecordSplit } from '../../model/script.js';

/**
 * What the variables of a statement stand for in one record of its split: `:job` (from 0), `:jobs`, the columns, and with
 * values= `:value`, the first column. A column that is named as one of the others wins.
 */
export function recordValues({ by, records }: RecordSplit, index: number): SlotValues {
  const { columns = [], records: all = [] } = records ?? {};
  const { values = [] } = all[index] ?? {};
  return Object.fromEntries([
    ['job', String(index)],
    ['jobs', String(all.length)],
    ...columns.map((name, column) => [name, values[column] ?? null] as const),
    ...(by === 'values' ? [['value', values[0] ?? null] as const] : []),
  ]);
}
