/**
 * A run whose effects can be counted: each key is to be in the table once. Its statements are of every shape that a journal
 * treats in a way of its own.
 */
export interface Work {
  readonly files: Readonly<Record<string, string>>;
  /** Made before the run. */
  readonly setup: string;
  readonly keys: number;
}

export function work(jobs: number): Work {
  const keys = Array.from({ length: jobs }, (_, index) => index + 1);
  const share = (from: number, to: number): readonly number[] =>
    keys.slice(Math.floor(from * jobs), Math.floor(to * jobs));
  const insert = (key: number): string => `INSERT INTO effect VALUES (${key});`;
  const slow = (key: number): string => `INSERT INTO effect SELECT ${key} FROM pg_sleep(0.02);`;
  const pieces = share(0.6, 0.7);
  const [ranges, sizes, blocks] = [share(0.7, 0.74), share(0.74, 0.77), share(0.77, 0.8)];
  const walk = (split: string, table: string): string =>
    `-- pqrun: split ${split}\nINSERT INTO effect SELECT key FROM ${table}, pg_sleep(0.01) WHERE :chunk;\n`;
  return {
    setup: [
      'CREATE TABLE effect (key integer NOT NULL)',
      ...[ranges, sizes, blocks].map(
        (own, index) =>
          `CREATE TABLE source_${index} AS SELECT unnest(ARRAY[${own.join(', ')}]::int[]) AS key`,
      ),
    ].join('; '),
    keys: jobs,
    files: {
      // One by one: what follows needs them to be in order.
      '1-chain.sql': `-- pqrun: file order=sequential\nSET work_mem = '8MB';\n${share(0, 0.2).map(insert).join('\n')}\n`,
      '2-slow.sql': `${share(0.2, 0.35).map(slow).join('\n')}\n`,
      '3-blocks.sql': pairs(share(0.35, 0.5))
        .map((pair) => `BEGIN;\n${pair.map(slow).join('\n')}\nCOMMIT;\n`)
        .join(''),
      '4-session.sql': `CREATE TEMP TABLE own (key integer);\nINSERT INTO own VALUES ${share(0.5, 0.55)
        .map((key) => `(${key})`)
        .join(', ')};\nINSERT INTO effect SELECT key FROM own, pg_sleep(0.05);\n`,
      '5-copy.sql': `COPY effect FROM stdin;\n${share(0.55, 0.6).join('\n')}\n\\.\n`,
      '6-split.sql': `-- pqrun: split rows=${pieces.length} size=1\nINSERT INTO effect SELECT :lo + ${(pieces[0] ?? 1) - 1} FROM pg_sleep(0.01);\n`,
      '8-walks.sql':
        walk(`range=source_0.key into=${Math.max(1, ranges.length)}`, 'source_0') +
        walk('range=source_1.key size=1', 'source_1') +
        walk('blocks=source_2 time=1ms', 'source_2'),
      '7-small.sql': `-- pqrun: file order=none\n${share(0.8, 1).map(insert).join('\n')}\n`,
    },
  };
}

function pairs(keys: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(keys.length / 2) }, (_, index) =>
    keys.slice(2 * index, 2 * index + 2),
  );
}
