import type { InsertUse, Operation } from '../catalog/bound.js';

/**
 * What a piece of SQL names, before any name is looked up: read off the parse tree alone (walk.ts), so it can be kept and
 * resolved again under another search_path. A name is one or two words.
 */
export interface Mentions {
  readonly relations: readonly RelationMention[];
  readonly routines: readonly RoutineMention[];
  readonly types: readonly Name[];
  /** Last words of `a.b` and `(a).b`, which may be columns, or calls of functions with one argument. */
  readonly attributes: readonly string[];
  /** Relations named by a constant: `'t'::regclass`. */
  readonly regclasses: readonly string[];
  /** Other constants and values that are looked up in the catalogs: `'f'::regproc`, `x::regtype`. */
  readonly readsCatalog: boolean;
  readonly cursors: readonly string[];
}

/** `schema` undefined: along the search_path. */
export interface Name {
  readonly schema?: string;
  readonly name: string;
}

export interface RelationMention extends Name {
  readonly operation: Operation;
  readonly isOnly: boolean;
  readonly insert?: InsertUse;
}

export interface RoutineMention extends Name {
  /** Its first argument, when it is a constant: the name of a sequence, of a setting. */
  readonly constant?: string;
  /** Its first argument, when it is the sequence of a column: `pg_get_serial_sequence('t', 'a')`. */
  readonly serial?: SerialMention;
  readonly argumentCount: number;
}

/** As it is written: the table may have a schema, the column is called so to the letter. */
export interface SerialMention {
  readonly table: string;
  readonly column: string;
}

export const NO_MENTIONS: Mentions = {
  relations: [],
  routines: [],
  types: [],
  attributes: [],
  regclasses: [],
  readsCatalog: false,
  cursors: [],
};

export function nameOf(words: readonly string[]): Name {
  const name = words.at(-1) ?? '';
  const schema = words.at(-2);
  return schema === undefined ? { name } : { schema, name };
}

/** A name as it is written in a string: split at dots, folded to lower case where it is not quoted. */
export function parseName(text: string): Name | undefined {
  const words: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")+)"|([^\s".]+))\s*(\.|$)/y;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (found === null) return undefined;
    const [, quoted, plain = '', end] = found;
    words.push(quoted === undefined ? plain.toLowerCase() : quoted.replaceAll('""', '"'));
    if (end === '') break;
  }
  return words.length === 0 || words.length > 3 ? undefined : nameOf(words);
}
