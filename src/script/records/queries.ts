import type { Fault } from '../faults.js';
import type { Parser } from '../syntax.js';
import { isVariableName } from '../variable-store.js';
import type { RecordSet } from '../../model/script.js';
import type { FoundRecords } from './sources.js';

/**
 * The queries that `split values="SELECT …"` names. Scripts are read in one go, and a query is asked over a connection: so
 * a script is read once to find its queries, these are asked, and it is read again with their rows.
 *
 * A query is asked once, however often it is named: all splits that name it see the same rows.
 */
export class RecordQueries {
  readonly #parser: Parser;
  readonly #ask: AskRecords | undefined;
  readonly #syntaxCheck: boolean;
  readonly #known = new Map<string, FoundRecords>();
  readonly #wanted = new Set<string>();

  constructor(
    parser: Parser,
    options: { readonly askRecords?: AskRecords | undefined; readonly syntaxCheck: boolean },
  ) {
    this.#parser = parser;
    this.#ask = options.askRecords;
    this.#syntaxCheck = options.syntaxCheck;
  }

  find(sql: string): FoundRecords {
    const known = this.#known.get(sql);
    if (known !== undefined) return known;
    const fault = this.#ask === undefined ? NOBODY_TO_ASK : this.#faultOf(sql);
    if (fault !== undefined) return { kind: 'fault', fault };
    this.#wanted.add(sql);
    return { kind: 'unknown' };
  }

  /** Asks all that were looked for and are not known yet; false when there are none. */
  async ask(): Promise<boolean> {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    for (const sql of wanted) this.#known.set(sql, recordsOf((await this.#ask?.(sql)) ?? NO_ANSWER));
    return wanted.length > 0;
  }

  #faultOf(sql: string): Fault | undefined {
    const parsed = this.#parser.parse(sql);
    if (parsed.kind === 'wrong' && this.#syntaxCheck)
      return { message: `the query of values=: ${parsed.message}`, hint: QUERY_HINT };
    const nodes = parsed.kind === 'parsed' ? parsed.nodes : [];
    const isQuery = nodes.every((node) => 'SelectStmt' in node && node.SelectStmt.intoClause === undefined);
    return isQuery && nodes.length < 2 ? undefined : NO_QUERY;
  }
}

/** Sends one query, reads all its rows. Rejects when there is no connection. */
export type AskRecords = (sql: string) => Promise<AnsweredRecords>;

export type AnsweredRecords =
  | {
      readonly kind: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly (string | null)[])[];
    }
  /** What the server says. */
  | { readonly kind: 'failure'; readonly message: string; readonly hint?: string | undefined };

const NO_ANSWER: AnsweredRecords = { kind: 'failure', message: 'nobody asked it' };

function recordsOf(answer: AnsweredRecords): FoundRecords {
  if (answer.kind === 'failure') {
    const { message, hint = QUERY_HINT } = answer;
    return { kind: 'fault', fault: { message: `the query of values= failed: ${message}`, hint } };
  }
  const fault = columnFault(answer.columns);
  if (fault !== undefined) return { kind: 'fault', fault };
  const records: RecordSet = {
    columns: answer.columns,
    records: answer.rows.map((values) => ({ values })),
  };
  return { kind: 'records', records };
}

/** The first column is `:value`, and the others go by their names. */
function columnFault(columns: readonly string[]): Fault | undefined {
  const [first, ...others] = columns;
  if (first === undefined) return { message: 'the query of values= gives no column', hint: QUERY_HINT };
  const invalid = others.find((name) => !isVariableName(name));
  const twice = others.find((name, index) => columns.indexOf(name) <= index || name === 'value');
  if (invalid === undefined && twice === undefined) return undefined;
  const message =
    invalid === undefined
      ? `two columns of the query of values= are named “${twice ?? ''}”`
      : `“${invalid}” cannot be the name of a column of the query of values=`;
  return {
    message,
    hint: 'give it a name of letters, digits and underscores with AS; the first column is :value',
  };
}

const QUERY_HINT = 'try the query with psql';
const NOBODY_TO_ASK: Fault = {
  message: 'values= with a query cannot be used here, because nobody asks a server',
  hint: 'list the values, as in values=a,b,c',
};
const NO_QUERY: Fault = {
  message: 'values= takes one query, and nothing that writes a table',
  hint: 'write one SELECT, WITH … SELECT, VALUES or TABLE; in a list of words, write no blank behind the first',
};
