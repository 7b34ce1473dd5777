import type { Value } from '../db/result-taker.js';
import type { OutputPart } from '../model/output.js';

/** Rows that the main thread looks into: whole lines, each a JSON array of the server's texts. */
export function rawRows(data: OutputPart['data']): readonly (readonly Value[])[] {
  const text = typeof data === 'string' ? data : Buffer.from(data).toString();
  // UnionPrinter writes nothing else.
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as readonly Value[]);
}
