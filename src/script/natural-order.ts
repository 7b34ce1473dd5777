/**
 * Natural order of paths: segment by segment, runs of digits as numbers (2 before 10), everything else by code point.
 * The same on every machine, whatever its locale. Paths that differ only in padding (`01`, `1`) stay apart: shorter
 * first. Words are compared without case first, so that `B.sql` does not come before `a.sql`; case decides ties.
 */
export function compareNaturally(a: string, b: string): number {
  const [first, second] = [a.split('/'), b.split('/')];
  for (let index = 0; index < Math.min(first.length, second.length); index++) {
    const [left = '', right = ''] = [first[index], second[index]];
    const order = compareSegments(left.toLowerCase(), right.toLowerCase()) || compareSegments(left, right);
    if (order !== 0) return order;
  }
  return first.length - second.length;
}

function compareSegments(a: string, b: string): number {
  const [first, second] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < Math.min(first.length, second.length); index++) {
    const order = compareParts(first[index] ?? '', second[index] ?? '');
    if (order !== 0) return order;
  }
  return first.length - second.length || a.length - b.length || compareCodes(a, b);
}

/** `10-load` → `10`, `-load`. */
function partsOf(segment: string): readonly string[] {
  return segment.match(/\d+|\D+/g) ?? [];
}

/** Numbers may be longer than a double is exact: without leading zeros, the longer one is larger. */
function compareParts(a: string, b: string): number {
  const numbers = /^\d/.test(a) && /^\d/.test(b);
  if (!numbers) return compareCodes(a, b);
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || compareCodes(left, right);
}

function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The stage of a script under `--order stages`: the number its path begins with below the directory that was given.
 * Of `10-tables/a.sql` the directory decides, of `shop/10-a.sql` the file: the first segment that has one.
 */
export function stageOf(relativePath: string): number | undefined {
  for (const segment of relativePath.split('/')) {
    const digits = /^\d+/.exec(segment)?.[0];
    if (digits !== undefined) return Number(digits);
  }
  return undefined;
}
