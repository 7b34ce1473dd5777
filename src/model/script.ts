import type { Place, Span } from './place.js';
import { DEFAULT_PRINT, type PrintSettings } from './print.js';

/** How the statements of a script, or the scripts of a run, may overlap. */
export type Order = 'auto' | 'sequential' | 'stages' | 'none';

/** One input in psql's language, read: a file, standard input, or a `-c` string. */
export interface Script {
  /** Dense, from 0, in the written order of the run. */
  readonly id: number;
  /** As printed: the path as given, `<stdin>`, `-c #1`. */
  readonly name: string;
  /** The numeric prefix of the file's name (`010-tables.sql` → 10): its stage under `--order stages`. */
  readonly stage: number | undefined;
  readonly statements: readonly Statement[];
  readonly mode: ScriptMode;
  /**
   * What it does depends on the results of its own queries (`\gset`, `\gexec`, …) or on a state that only a session has
   * (`\connect`, `\o`, …): it is one job, and read again while it runs. Its statements are then only a guess.
   */
  readonly live?: LiveScript;
}

/** What a live script is run from. Plain data: it crosses threads. */
export interface LiveScript {
  readonly name: string;
  readonly from: { readonly path: string } | { readonly bytes: Uint8Array };
  readonly variables: readonly (readonly [string, string])[];
  readonly show: Show;
  /** What a person has answered to its `\prompt`s, in their order. */
  readonly answers: readonly string[];
  /** Its first `\connect`, if one was seen: behind it the script is perhaps elsewhere. */
  readonly connect?: Place;
}

/** How the results of statements are shown. */
export interface Show {
  readonly print: PrintSettings;
  /** `\timing`: the time of each statement behind its result. */
  readonly timing: boolean;
  /** ECHO=queries: each statement before its result. */
  readonly echo: boolean;
}

export const DEFAULT_SHOW: Show = { print: DEFAULT_PRINT, timing: false, echo: false };

/** What `-- pqrun: file …` says about a whole script. */
export interface ScriptMode {
  /** `file session`: one job, one connection. */
  readonly session: boolean;
  /** `file order=…`; undefined: the run's order. */
  readonly order: 'auto' | 'none' | 'sequential' | undefined;
}

/** One SQL command of a script. */
export interface Statement {
  /** Position in its script, from 0. */
  readonly index: number;
  /** Where its first character stands. */
  readonly place: Place;
  /** Its bytes in the input, from its first character to the one behind its last (the `;` is not part of it). */
  readonly span: Span;
  readonly text: Template;
  readonly directives: Directives;
  readonly facts: StatementFacts;
  /** Its text with all plain literals made equal: what differs in nothing else does the same. Undefined: it may be the only one. */
  readonly shape?: string;
  /** It ends in a `;`, which is not part of its text. */
  readonly terminated: boolean;
  /** Undefined: as the run says. */
  readonly show?: Show;
  /** Of a COPY … FROM STDIN: its data; of several in one message (`\;`), those of each. */
  readonly data?: readonly CopyData[];
  /** Of a COPY … FROM STDIN: whether several connections may load its rows; undefined: they cannot. */
  readonly copySplit?: CopySplit;
  /** Of a `\copy … to 'file'`: where the data go. */
  readonly copyTo?: string;
  /** Of a split with `bind`: so many columns of a record are sent as the parameters $1, $2 …; undefined: none. */
  readonly parameters?: number;
  /** A `\echo`, which takes its turn among the statements: this is printed, nothing is sent. */
  readonly echo?: Echo;
}

export interface Echo {
  /** `results`: to where queries' results go (`\qecho`). */
  readonly to: 'stdout' | 'results' | 'stderr';
  readonly text: string;
}

/**
 * The data of a COPY … FROM STDIN: the lines of the script behind the statement's, up to the one that is `\.` or the end
 * of the script; or, of a `\copy`, a file. Only remembered here; whoever sends the statement reads them.
 */
export interface CopyData {
  /** A file; or the data themselves, when the script is no file. */
  readonly from: { readonly path: string } | { readonly bytes: Uint8Array };
  /** The file as people know it. */
  readonly name: string;
  /** Bytes of the file; undefined: all. */
  readonly span: Span | undefined;
  /** Line of the file that the data begin on. */
  readonly line: number;
  /** Of a long block: where rows begin, from its beginning on. */
  readonly cuts?: readonly CopyCut[];
}

/** A row of a COPY block begins at this byte of the file, on this line. */
export interface CopyCut {
  readonly offset: number;
  readonly line: number;
}

/** `safe`: nobody could tell in which order the rows came; `unknown`: only the author knows. */
export type CopySplit = 'safe' | 'unknown';

/**
 * The text of a statement, in the order it is sent. Values known at reading time are filled in already;
 * what differs from piece to piece of a split (`:lo`, `:rows`, …) is a slot, filled when the piece is made.
 * Lines and columns tie a position in the sent text to the place in the file.
 */
export type Template = readonly Fragment[];

export type Fragment = TextFragment | SlotFragment;

export interface TextFragment {
  /** `value`: the substituted value of a variable; positions inside it mean the place of `:name`. */
  readonly kind: 'source' | 'value';
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

export interface SlotFragment {
  readonly kind: 'slot';
  readonly name: string;
  readonly form: VariableForm;
  readonly line: number;
  readonly column: number;
}

/** psql's forms of a variable: `:name`, `:'name'`, `:"name"`, `:{?name}`. */
export type VariableForm = 'plain' | 'literal' | 'identifier' | 'test';

/** What `-- pqrun:` comments say about the next statement. */
export interface Directives {
  readonly split?: SplitDirective;
  readonly label?: string;
  readonly after: readonly AfterDirective[];
  readonly barrier: boolean;
  /** `no-transaction`: never wrapped in a transaction with anything else. */
  readonly noTransaction: boolean;
  /** `timeout=…`: the server cancels the statement after so many milliseconds. */
  readonly timeoutMs?: number;
  /** `retries=N`: so often its job may be begun again. */
  readonly retries?: number;
  /** `reads=…`, `writes=…`: what it does that cannot be seen. */
  readonly touches?: TouchesDirective;
}

/** Names of relations as SQL writes them: `t`, `s.t`, `"My Table"`. */
export interface TouchesDirective {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

export interface AfterDirective {
  readonly label: string;
  readonly place: Place;
}

export type SplitDirective = RowsSplit | RecordSplit | ChunkSplit;

/** `split rows=N [into=K | size=R]`: the series 1..N in pieces. */
export interface RowsSplit {
  readonly by: 'rows';
  readonly rows: number;
  /** The number of pieces asked for; undefined: as many as there are connections. */
  readonly into?: number;
  /** Rows a piece, instead of `into`. */
  readonly size?: number;
  /** `over=targets`: of several databases, each does its share; else each does all. */
  readonly isDealt?: boolean;
  /** Of a statement that was split without a directive (--auto-split): what is cut instead of 1..N. */
  readonly series?: SeriesStart;
  readonly place: Place;
}

export interface SeriesStart {
  readonly from: number;
  /** The bounds of a piece are of type bigint. */
  readonly isWide: boolean;
}

/** `split each=FILE`, `split values=…`: one job a record. */
export interface RecordSplit {
  readonly by: 'each' | 'values';
  /** Undefined: not known to whoever reads the script, or at fault. No plan has such a split. */
  readonly records: RecordSet | undefined;
  /** Columns are to be parameters: by the directive itself, or because the run wants it of all that have any. */
  readonly bind: 'asked' | 'default' | 'no';
  /** A column that says how much work a record is: the most comes first. */
  readonly weight?: string;
  /** `over=targets` */
  readonly isDealt?: boolean;
  readonly place: Place;
}

/** `split range=t.c`, `split blocks=t`: pieces of the rows of a table. Each is a predicate, `:chunk`. */
export interface ChunkSplit {
  /** `range`: by the values of columns, in their btree order; `blocks`: by where rows stand in the table (ctid). */
  readonly by: 'range' | 'blocks';
  /** The table, or the alias that it has in the statement. */
  readonly table: TableName;
  /** Of `range`: one, or several that are compared as a row. */
  readonly columns: readonly string[];
  /** How many pieces; or rows, or milliseconds, a piece. Undefined: what suits the connections. */
  readonly into?: number;
  readonly size?: number;
  readonly time?: number;
  /** `over=targets`: of several databases, each does its share; else each does all. */
  readonly isDealt?: boolean;
  /** `over=partitions`: a piece a partition. */
  readonly byPartition?: boolean;
  /** What its statement does with it; undefined: not known, or at fault. No plan has such a split. */
  readonly walked?: WalkedTable;
  readonly place: Place;
}

export function isChunkSplit(split: SplitDirective | undefined): split is ChunkSplit {
  return split?.by === 'range' || split?.by === 'blocks';
}

export function isOfRecords(split: SplitDirective | undefined): split is RecordSplit {
  return split?.by === 'each' || split?.by === 'values';
}

/** As SQL folds it. */
export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

/** The table that is walked, where the statement names it. */
export interface WalkedTable {
  readonly table: TableName;
  /** What its columns are qualified with: its alias, or its name. */
  readonly alias: string;
  /** The statement's text with a slot in place of the table's name (`TABLE_SLOT`), where one of its partitions may stand instead. */
  readonly template?: Template;
  /** The slot's text has to name the alias, because the statement gives none. */
  readonly needsAlias: boolean;
  /** Columns of the walked table that the statement changes. */
  readonly changes: readonly string[];
  /** Two pieces might write the same row, as this says: they run one after another. */
  readonly serial?: string;
}

/** Records with the same columns: of a file, a list, or the rows of a query. */
export interface RecordSet {
  /** The file as printed; undefined: there is none. */
  readonly file?: string;
  /** In the order of the parameters. Those that are names of variables are. */
  readonly columns: readonly string[];
  readonly records: readonly ValueRecord[];
}

export interface ValueRecord {
  /** A value a column; null for NULL. */
  readonly values: readonly (string | null)[];
  /** Of the file, that it begins on. */
  readonly line?: number;
}

/**
 * What the parser alone (no catalog, no server) tells about a statement.
 * Source of the rules: PostgreSQL 18, src/backend/tcop/utility.c and the reference pages of the commands.
 */
export interface StatementFacts {
  /** libpg-query's name of the parse node, `InsertStmt`; empty when the statement was not parsed. */
  readonly node: string;
  /** Statements in the message: more than one with `\;`; 0 when it was not parsed. */
  readonly count: number;
  readonly control: TransactionControl;
  /** True when the server refuses the statement inside a transaction block (VACUUM, CREATE DATABASE, …). */
  readonly alone: boolean;
  readonly session: SessionEffect;
  /** The parameter of a SET, RESET or set_config(), in lower case; `*` for RESET ALL. Undefined: none, or several. */
  readonly setting?: string;
}

/** What a statement does to the transaction block of its session. */
export type TransactionControl = 'none' | 'begin' | 'commit' | 'rollback' | 'prepare' | 'savepoint';

/**
 * What a statement leaves in its session for later statements:
 * - `none`: nothing that the parser can see;
 * - `setting`: SET, RESET, SET ROLE, set_config(): can be replayed on another connection;
 * - `local`: SET LOCAL, SET TRANSACTION, SET CONSTRAINTS: ends with the transaction;
 * - `drawn`: asks for a value that its session has taken of a sequence (currval, lastval);
 * - `tied`: temporary objects, PREPARE, cursors, LISTEN, advisory locks, …: later statements need this very session.
 */
export type SessionEffect = 'none' | 'setting' | 'local' | 'drawn' | 'tied';
