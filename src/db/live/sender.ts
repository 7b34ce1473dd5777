import type { Failure } from '../../model/failure.js';
import type { Place } from '../../model/place.js';
import type { CopyData, Show } from '../../model/script.js';
import { cutSeries, pieceValues } from '../../plan/pieces.js';
import type { SendMode } from '../../script/commands/call.js';
import { changeOption } from '../../script/show.js';
import type { CopyCommand } from '../../script/commands/copy.js';
import { renderTemplate, type RenderedStatement } from '../../script/template.js';
import type { ScriptWalk, WalkItem } from '../../script/walk.js';
import { isCopyFromStdinByWords, wordFacts } from '../../script/word-facts.js';
import { leavesTransaction } from '../../script/transaction-control.js';
import { copyInput, type CopyInput } from '../copy-input.js';
import { sendInto } from '../send-into.js';
import type { Session } from '../session.js';
import { LEFT_SNAPSHOT } from '../snapshot-import.js';
import { resultFile } from '../output/result-file-name.js';
import { StatementOutput, type StatementSinks } from '../output/statement-output.js';
import { resultText } from '../print/result-text.js';
import type { ResultTaker } from '../result-taker.js';
import { sentText } from '../sent-text.js';
import { timingText } from '../shown-texts.js';
import { withTimeout } from '../statement-timeout.js';
import type { Answer } from '../statement-query.js';
import type { LiveOutput } from './output.js';
import type { LastSent, LiveReport } from './report.js';
import { copyEnds } from './copy-ends.js';
import { describeText, storeRow, type Rows } from './results.js';
import { isSavepointCommand, needsNoBegin } from './statement-words.js';
import { setResultVariables } from './variables.js';

/**
 * Sends the statements of a live script as psql's SendQuery does (src/bin/psql/common.c): blocks and savepoints around
 * them where the script's variables ask for that, and then what is to become of the result.
 */
export interface SenderParts {
  readonly session: Session;
  readonly walk: ScriptWalk;
  readonly output: LiveOutput;
  readonly report: LiveReport;
  /** Of a run over several targets. */
  readonly union: StatementSinks['union'];
  /** Each statement's results go into a file of their own, of this name and the statement's number. */
  readonly resultFiles: string | undefined;
  /** All is one transaction, which reads the run's snapshot. */
  readonly readsSnapshot: boolean;
}

type LiveStatement = Extract<WalkItem, { readonly kind: 'statement' }>['statement'];

/** A statement on its way. */
interface Sending {
  readonly sql: string;
  /** A `;` ends it, which is not part of `sql`. */
  readonly terminated?: boolean;
  readonly place: Place;
  readonly show: Show;
  /** `timeout=` */
  readonly timeoutMs?: number | undefined;
}

export class LiveSender {
  readonly #parts: SenderParts;
  #last: LastSent | undefined;
  #copiesTaken = 0;
  #sent = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** What a failure of the item at this place is about. */
  lastFor(place: Place): LastSent {
    return this.#last?.place === place ? this.#last : { place };
  }

  /** Data that stand in the script behind the statement that is sent. */
  readonly #inlineInput: CopyInput = () => {
    const { file, data } = this.#parts.walk.takeCopyData();
    const { line, ...span } = data;
    const taken: CopyData = { from: file.from, name: file.name, span, line };
    this.#copiesTaken += 1;
    if (this.#last !== undefined) this.#last = { ...this.#last, data: taken };
    return copyInput(taken)();
  };

  async send(statement: LiveStatement, place: Place, show: Show): Promise<Failure | undefined> {
    const { text, directives, how, terminated } = statement;
    const { split } = directives;
    if (split !== undefined && split.by !== 'rows') return UNREAD_RECORDS;
    const [whole] = split?.by === 'rows' ? cutSeries(split.rows, 1) : [];
    const rendered = renderTemplate(text, whole === undefined ? {} : pieceValues(whole));
    const sql = rendered.text;
    this.#last = { place, rendered };
    const sending = { sql, terminated, place, show, timeoutMs: directives.timeoutMs };
    this.#echo(sentText(sql, terminated));
    switch (how.kind) {
      case 'plain':
        return this.#sendAndShow(sending);
      case 'print':
        return this.#sendAndPrint(sending, how);
      case 'gdesc':
        return this.#describe(sending);
      case 'gset':
        return this.#sendAndStore(sending, how.prefix.text);
      case 'gexec':
        return this.#sendAndExecute(sending);
    }
  }

  /** `\copy`: a COPY that files of this side feed or take. */
  async sendCopy(copy: CopyCommand, sending: Sending): Promise<Failure | undefined> {
    const { session, walk, output } = this.#parts;
    const { sql, place } = sending;
    const { data, into } = copyEnds(copy, walk);
    this.#last = { place, rendered: textAt(sql, place), data };
    this.#echo(sql);
    const to = copy.file.kind === 'process' ? output.fresh() : output;
    return this.#sendAndShow(sending, {
      output: to,
      send: (taker) => {
        if (into !== undefined) return sendInto(into, (file) => session.send(sql, { taker: file }));
        if (data === undefined) return this.#sendSql(sending, taker);
        return session.send(sql, { input: copyInput(data), taker });
      },
    });
  }

  #echo(text: string): void {
    if (this.#parts.walk.variables.word('ECHO') === 'queries') this.#parts.output.print(`${text}\n`);
  }

  /** Its results are printed while they come. */
  async #sendAndShow(
    sending: Sending,
    {
      output = this.#parts.output,
      send = (taker: ResultTaker): Promise<Answer> => this.#sendSql(sending, taker),
    } = {},
  ): Promise<Failure | undefined> {
    const { show } = sending;
    const union = output.isOfRun ? this.#parts.union : undefined;
    const file = this.#fileOf(sending, output);
    const printed = new StatementOutput(show.print, { file, sink: output, union });
    const answer = await this.#surround(sending, () => send(printed.taker));
    if (show.timing) output.print(timingText(answer.duration ?? 0));
    return printed.settle(answer.failure);
  }

  /** Under `-o DIR`, unless the script itself says where its results go. */
  #fileOf({ show }: Sending, output: LiveOutput): string | undefined {
    const { resultFiles } = this.#parts;
    this.#sent += 1;
    if (resultFiles === undefined || !output.isOfRun) return undefined;
    return resultFile(`${resultFiles}.${this.#sent}`, show.print.format);
  }

  /** With the transaction that AUTOCOMMIT and ON_ERROR_ROLLBACK put around a statement. */
  async #surround(sending: Sending, send: () => Promise<Answer>): Promise<Answer> {
    const { session, walk, report, readsSnapshot } = this.#parts;
    const { sql, place } = sending;
    const { variables } = walk;
    if (readsSnapshot && leavesTransaction(wordFacts(sql).control, sql)) return NOT_SENT;
    if (!variables.flag('AUTOCOMMIT') && !session.inTransaction && !needsNoBegin(sql)) {
      const begun = await session.send('BEGIN');
      if (begun.failure !== undefined) return begun;
    }
    // Annotated, because what it looks at changes while the statement runs.
    const guards: boolean =
      variables.flag('ON_ERROR_ROLLBACK') && session.inTransaction && !session.inFailedTransaction;
    if (guards) await session.send(`SAVEPOINT ${SAVEPOINT}`);
    report.begin(place);
    const start = report.now();
    const answer = { ...(await send()), duration: report.now() - start };
    if (answer.failure === undefined) report.done(sending, answer, start);
    if (guards && session.inFailedTransaction) await session.send(`ROLLBACK TO ${SAVEPOINT}`);
    else if (guards && session.inTransaction && !isSavepointCommand(sql))
      await session.send(`RELEASE ${SAVEPOINT}`);
    setResultVariables(variables, answer);
    // One that is not the first of its message has got through.
    if (readsSnapshot && answer.failure === undefined && !session.inTransaction)
      return { ...answer, failure: LEFT_SNAPSHOT };
    return answer;
  }

  /** Data behind a COPY that failed before it took them must not be read as commands, unlike in psql. */
  async #sendSql({ sql, terminated = false, timeoutMs }: Sending, taker?: ResultTaker): Promise<Answer> {
    const { session } = this.#parts;
    const before = this.#copiesTaken;
    const answer = await withTimeout(session, timeoutMs, () =>
      session.send(sentText(sql, terminated), { input: this.#inlineInput, taker }),
    );
    if (answer.failure !== undefined && this.#copiesTaken === before && isCopyFromStdinByWords(sql))
      this.#parts.walk.takeCopyData();
    return answer;
  }

  async #sendAndPrint(
    sending: Sending,
    { file, options }: Extract<SendMode, { kind: 'print' }>,
  ): Promise<Failure | undefined> {
    let { show } = sending;
    for (const [name, value] of options) {
      const changed = changeOption(show, name, value);
      if (!changed.ok) return { kind: 'client', message: changed.fault.message };
      show = changed.show;
    }
    if (file === undefined) return this.#sendAndShow({ ...sending, show });
    const own = this.#parts.output.fresh();
    try {
      own.redirect(this.#parts.walk.resolvePath(file.text), { isArray: show.print.format === 'json' });
    } catch (error) {
      return { kind: 'client', message: `\\g: ${error instanceof Error ? error.message : String(error)}` };
    }
    const failure = await this.#sendAndShow({ ...sending, show }, { output: own });
    own.close();
    return failure ?? own.takeFailure();
  }

  /** The last result is stored; those of other statements of the message are printed. */
  async #sendAndStore(sending: Sending, prefix: string): Promise<Failure | undefined> {
    const { walk, report } = this.#parts;
    const { failure, last } = await this.#sendForLast(sending);
    if (failure !== undefined || last === undefined) return failure;
    const warn = (message: string): void => report.warn(`warning: ${message}`, sending.place);
    return storeRow(walk.variables, last, { prefix, warn });
  }

  /** Each value of the last result is a statement of its own, row by row. */
  async #sendAndExecute(sending: Sending): Promise<Failure | undefined> {
    const { walk, output } = this.#parts;
    const { place } = sending;
    const { failure: own, last } = await this.#sendForLast(sending);
    if (own !== undefined || last === undefined) return own;
    let first: Failure | undefined;
    for (const sql of last.rows.flat()) {
      if (sql === null) continue;
      if (walk.variables.word('ECHO') === 'all') output.print(`${sql}\n`);
      this.#echo(sql);
      const failure = await this.#sendAndShow({ ...sending, sql });
      if (failure === undefined) continue;
      this.#last = { place, rendered: textAt(sql, place) };
      first ??= failure;
      if (walk.stopsOnError || failure.kind === 'connection') return failure;
    }
    return first;
  }

  /** Rows of the last statement of a message are for whoever asks; all else is shown. */
  async #sendForLast(
    sending: Sending,
  ): Promise<{ readonly failure: Failure | undefined; readonly last: Rows | undefined }> {
    this.#sent += 1;
    const answer = await this.#surround(sending, () => this.#sendSql(sending));
    const { failure, results, endsInRows } = answer;
    const last = failure === undefined && endsInRows === true ? results.at(-1) : undefined;
    const { show } = sending;
    const { output } = this.#parts;
    for (const result of last === undefined ? results : results.slice(0, -1))
      await output.write(resultText(result, show.print));
    if (show.timing) output.print(timingText(answer.duration ?? 0));
    return { failure, last: last?.kind === 'rows' ? last : undefined };
  }

  async #describe(sending: Sending): Promise<Failure | undefined> {
    const { session, output } = this.#parts;
    return this.#sendAndShow(sending, {
      send: async (taker) => {
        const { columns, failure } = await session.describe(sending.sql);
        if (failure !== undefined) return { tag: '', rows: 0, results: [], failure };
        if (columns.length > 0) return session.send(describeText(columns), { taker });
        void output.write('The command has no result, or the result has no columns.\n');
        return { tag: '', rows: 0, results: [] };
      },
    });
  }
}

const NOT_SENT: Answer = { tag: '', rows: 0, results: [], failure: LEFT_SNAPSHOT };

const SAVEPOINT = 'pg_psql_temporary_savepoint';

/** SQL that a command makes: whatever is wrong in it is wrong at the command. */
function textAt(sql: string, { line, column }: Place): RenderedStatement {
  return renderTemplate([{ kind: 'value', text: sql, line, column }]);
}

/** In a file that only the run names: where reading sees such a split, nothing is run. */
const UNREAD_RECORDS: Failure = {
  kind: 'client',
  message:
    'split each= and split values= cannot be used here, because what the script does depends on its results',
  hint: 'move the statement to a script without \\gset, \\gexec, \\connect, \\o and without ON_ERROR_STOP or AUTOCOMMIT off',
};
