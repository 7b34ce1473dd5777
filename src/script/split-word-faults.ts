import type { Fault } from './faults.js';

/* The words of a split, and what can be wrong with them, whatever statement they speak about. */

export type SplitWord =
  | 'split'
  | 'rows'
  | 'range'
  | 'blocks'
  | 'into'
  | 'size'
  | 'time'
  | 'each'
  | 'values'
  | 'weight'
  | 'bind'
  | 'over';

const EXAMPLES: Readonly<Record<SplitWord, string>> = {
  split: 'rows=N',
  rows: 'rows=N',
  range: 'range=table.column',
  blocks: 'blocks=table',
  into: 'rows=N into=…',
  size: 'rows=N size=…',
  time: 'range=table.column time=2s',
  each: 'each=FILE',
  values: 'values=a,b,c',
  weight: 'each=FILE weight=COLUMN',
  bind: 'each=FILE bind',
  over: 'rows=N over=targets',
};

export function withoutSplit(name: SplitWord): Fault {
  const hint = `write split before it, as in split ${EXAMPLES[name]}`;
  return { message: `${name}${name === 'bind' ? '' : '='} belongs to split`, hint };
}

export function twoShares(first: string, second: string): Fault {
  return {
    message: `${first}= and ${second}= both say how many pieces there are`,
    hint: 'remove one of the two',
  };
}

export function partitionsAre(word: string): Fault {
  return {
    message: `${word}= and over=partitions both say how many pieces there are: each partition is one`,
    hint: `remove ${word}=, or over=partitions`,
  };
}

export function noWeight(column: string, columns: readonly string[]): Fault {
  return {
    message: `weight=${column} names no column of the records`,
    hint: `their columns are ${columns.join(', ')}`,
  };
}

export const NO_KIND: Fault = {
  message: 'split does not say of how many rows',
  hint: 'write split rows=N, split range=table.column, split blocks=table, split each=FILE, or split values=a,b,c',
};
export const NOT_OVER: Fault = {
  message: 'a split can be dealt out over targets or partitions only',
  hint: 'write over=targets, and each database does its share of the pieces; or over=partitions, a piece for each partition',
};
export const NO_PARTITIONS: Fault = {
  message: 'over=partitions belongs to split range= or blocks=, which name a table',
  hint: 'write split blocks=table over=partitions',
};
export const NO_TIME: Fault = {
  message:
    'time= belongs to split range= or blocks=: only of these can pieces grow and shrink while they run',
  hint: 'write size= or into=',
};
export const NO_SHARES: Fault = {
  message: 'into=, size= and time= belong to splits of rows: of records each is a piece',
  hint: 'remove it',
};
export const NOTHING_TO_BIND: Fault = {
  message: 'bind belongs to split each= or split values=, whose columns are the parameters $1, $2 …',
  hint: 'remove it',
};
export const NOTHING_TO_WEIGH: Fault = {
  message:
    'weight= belongs to split each= or split values=: it names a column that says how much work a record is',
  hint: 'remove it',
};
