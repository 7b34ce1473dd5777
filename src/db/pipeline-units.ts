import { BEGIN_FOR_SNAPSHOT } from './snapshot-text.js';
import { TAKE_ID } from './xact-text.js';

/** The statements of a pipeline-query.ts, and what stands around each of them. */

export interface PipelineStatement {
  readonly text: string;
  /** The values of its $1, $2 …, in ASCII. */
  readonly parameters?: readonly (string | null)[];
  /** It may give rows. */
  readonly hasRows: boolean;
  /** A block is to be begun in front of it, which somebody else ends. */
  readonly begins?: boolean;
  /** It stands outside any block, and begins none. */
  readonly isAlone: boolean;
  /** Nothing that runs for it can tell that it shares its message with others. */
  readonly sharesMessage?: boolean;
  /** Alone: its transaction has an id from its beginning, which is told at once (xact.ts). */
  readonly takesId?: boolean;
}

/** A statement, and what is sent around it. */
export interface Unit {
  readonly before: readonly string[];
  readonly statement: PipelineStatement;
  readonly behind: 'COMMIT' | typeof CHAIN | undefined;
}

export function unitsOf(statements: readonly PipelineStatement[], readsSnapshot: boolean): readonly Unit[] {
  const begin = readsSnapshot ? BEGIN_FOR_SNAPSHOT : 'BEGIN';
  const first = readsSnapshot ? [SNAPSHOT] : [];
  return statements.map((statement, index) => {
    const { isAlone, begins = false, takesId = false } = statement;
    const follows = isAlone && statements[index - 1]?.isAlone === true;
    const goesOn = isAlone && statements[index + 1]?.isAlone === true;
    return {
      before: begins
        ? [begin]
        : isAlone
          ? [...(follows ? [] : [begin]), ...first, ...(takesId ? [TAKE_ID] : [])]
          : [],
      statement,
      behind: goesOn ? CHAIN : isAlone ? 'COMMIT' : undefined,
    };
  });
}

export function commandsOf({ before, behind }: Unit): number {
  return before.length + 1 + Number(behind !== undefined);
}

/** The names of the prepared COMMIT AND CHAIN and SET TRANSACTION SNAPSHOT. */
export const CHAIN = 'pqrun_chain';
export const SNAPSHOT = 'pqrun_snapshot';

/** Statements and the commands around them as one text. */
export interface OneMessage {
  readonly text: string;
  /** Of each statement, how many characters stand in front of it. */
  readonly starts: readonly number[];
}

export function isOneMessage(statements: readonly PipelineStatement[]): boolean {
  return statements.length > 1 && statements.every(fitsMessage);
}

function fitsMessage({ sharesMessage, isAlone, takesId, hasRows, parameters }: PipelineStatement): boolean {
  return sharesMessage === true && isAlone && takesId !== true && !hasRows && parameters === undefined;
}

export function oneMessage(units: readonly Unit[]): OneMessage {
  let text = '';
  let characters = 0;
  const add = (more: string): void => {
    text += more;
    characters += lengthOf(more);
  };
  const starts = units.map(({ before, statement, behind }) => {
    for (const command of before) add(`${command};`);
    const start = characters;
    add(statement.text);
    add(behind === CHAIN ? 'COMMIT AND CHAIN;' : 'COMMIT;');
    return start;
  });
  return { text, starts };
}

/** In characters, as PostgreSQL counts them. */
function lengthOf(text: string): number {
  // eslint-disable-next-line no-control-regex -- it says: ASCII
  return /^[\x00-\x7f]*$/.test(text) ? text.length : Array.from(text).length;
}
