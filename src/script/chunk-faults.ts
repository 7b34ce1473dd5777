import type { Misplaced } from './chunk-level.js';
import type { Fault } from './faults.js';
import type { TableName } from '../model/script.js';
import { closest } from './did-you-mean.js';

/* What can be wrong with the `:chunk` of a statement. */

export const NO_CHUNK: Fault = {
  message:
    'each piece of this split would do the whole work again, because the statement does not use :chunk',
  hint: 'write WHERE :chunk, or AND :chunk in its WHERE; psql -v chunk=true runs the same script',
};
export const TWO_CHUNKS: Fault = {
  message: ':chunk stands in this statement more than once',
  hint: 'leave it where the rows of the table are read that the split names',
};
export const SEVERAL_STATEMENTS: Fault = {
  message: 'a split over a table speaks about one statement, and these are several in one message',
  hint: 'end each with ; instead of \\;',
};
export const OTHER_WRITES: Fault = {
  message:
    'a part of the statement writes something that is not about the rows of :chunk, and each piece would do it again',
  hint: 'make a statement of its own of it',
};
export const NOT_BY_SOURCE: Fault = {
  message: 'WHEN NOT MATCHED BY SOURCE would meet the rows that other pieces match',
  hint: 'make a statement of its own of it, which is not split',
};
export const FULL_NAMES: Fault = {
  message:
    'a column is named with its schema and table, where a partition is to be put in the place of the table',
  hint: 'give the table an alias, and name the column by it',
};
export const UNFOUND_NAME: Fault = {
  message:
    'the name of the table cannot be told apart from the rest of the statement, as a partition is put in its place',
  hint: 'write it plainly, without a variable in it',
};

const REMEDY = 'put it into a WHERE of its own: FROM (SELECT … FROM table WHERE :chunk) AS t';

export const MISPLACED: Readonly<Record<Misplaced, Fault>> = {
  union: {
    message:
      'the other branches of the UNION, EXCEPT or INTERSECT that :chunk stands in would be done again by each piece',
    hint: 'make a statement of each branch, and split each by itself',
  },
  outer: {
    message:
      ':chunk is about the side of an outer join that may have no row: rows without a partner would be in every piece',
    hint: 'split by a table on the other side of the join, or make it an inner join',
  },
  merge: {
    message:
      'the rows outside of a piece would count as not matched, because :chunk stands in the ON of a MERGE',
    hint: 'write USING (SELECT … FROM source WHERE :chunk) AS source',
  },
  recursive: {
    message: ':chunk stands in a recursive query, whose rows come from rows that other pieces have',
    hint: 'make a table of the recursive query first, and split what reads it',
  },
  cte: {
    message:
      'each piece would see only its own rows of the WITH query that :chunk stands in, which is read otherwise than once in a FROM',
    hint: `read it once in the FROM of the statement, without the other side of an outer join; or ${REMEDY}`,
  },
  elsewhere: {
    message:
      ':chunk does not pick the rows of the statement here: it must be AND-ed in a WHERE, or in the ON of an inner join',
    hint: `take it out of OR, NOT, functions and sub-queries of expressions; ${REMEDY}`,
  },
};

export function notThere({ schema, name }: TableName, there: readonly string[]): Fault {
  const full = schema === undefined ? name : `${schema}.${name}`;
  const meant = closest(name, there);
  const guess = meant === undefined ? '' : `did you mean ${meant}? `;
  const list = there.length === 0 ? 'no table at all' : there.join(', ');
  return {
    message: `${full} is not read where :chunk stands`,
    hint: `${guess}there it is ${list}; :chunk must stand in the WHERE of the query that has the table in its FROM`,
  };
}

export function twiceThere({ name }: TableName, aliases: readonly string[]): Fault {
  return {
    message: `${name} is read more than once where :chunk stands`,
    hint: `name the alias instead: ${[...new Set(aliases)].map((alias) => `range=${alias}.column`).join(', ')}`,
  };
}

export function isQuery(name: string): Fault {
  return {
    message: `${name} is a WITH query here, and no table`,
    hint: 'split by a table that the query reads, with :chunk in its WHERE',
  };
}

export function changesKey(column: string): Fault {
  return {
    message: `a row that gets another ${column} may be done again by a later piece, because the statement changes the column that it is split by`,
    hint: 'split by a column that stays as it is, as the primary key',
  };
}

export function movesRows(column: string | undefined): Fault {
  const name = column ?? 'column';
  return {
    message: 'a row that is updated moves to another block, where a later piece would do it again',
    hint: `split by a key (range=table.column), or let the statement pass over what is done, as with AND ${name} IS NULL or AND ${name} IS DISTINCT FROM …`,
  };
}

export function addsToBlocks(name: string): Fault {
  return {
    message: `the rows that the statement adds to ${name} stand in blocks that later pieces read`,
    hint: 'split by a key (range=table.column), with a condition that the new rows do not fulfil',
  };
}

export function addsToRange(name: string): Fault {
  return {
    severity: 'warning',
    message: `the statement adds rows to ${name}, which later pieces of it read`,
    hint: 'see that the new rows do not fulfil its condition',
  };
}

export function ofEachPiece(what: string, hint: string): Fault {
  return { severity: 'warning', message: `${what} is of each piece, not of all rows`, hint };
}
