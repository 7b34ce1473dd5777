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
  const pieces = share(0.6, 0.8);
  return {
    setup: 'CREATE TABLE effect (key integer NOT NULL)',
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
      '7-small.sql': `-- pqrun: file order=none\n${share(0.8, 1).map(insert).join('\n')}\n`,
    },
  };
}

function pairs(keys: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(keys.length / 2) }, (_, index) =>
    keys.slice(2 * index, 2 * index + 2),
  );
}
