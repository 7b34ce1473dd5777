import type { Failure } from '../../model/failure.js';
import type { Place } from '../../model/place.js';
import type { CopyData, Show } from '../../model/script.js';
import { cutSeries, pieceValues } from '../../plan/pieces.js';
import type { SendMode } from '../../script/commands/call.js';
import { changeOption } from '../../script/show.js';
import { renderTemplate } from '../../script/template.js';
import type { ScriptWalk, WalkItem } from '../../script/walk.js';
import { isCopyFromStdinByWords } from '../../script/word-facts.js';
import { copyInput } from '../copy-input.js';
import type { Session } from '../session.js';
import { shownAnswer } from '../shown-answer.js';
import type { Answer, CopyInput } from '../statement-query.js';
import { LiveOutput } from './output.js';
import type { LastSent, LiveReport } from './report.js';
import { describeText, storeRow } from './results.js';
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
}

type LiveStatement = Extract<WalkItem, { readonly kind: 'statement' }>['statement'];

/** A statement on its way. */
interface Sending {
  readonly sql: string;
  readonly place: Place;
  readonly show: Show;
}

export class LiveSender {
  readonly #parts: SenderParts;
  #last: LastSent | undefined;
  #dataTaken = false;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** What a failure of the item at this place is about. */
  lastFor(place: Place): LastSent {
    return this.#last?.place === place ? this.#last : { place };
  }

  /** Data that stand in the script behind the statement that is sent. */
  readonly inlineInput: CopyInput = () => {
    const { file, data } = this.#parts.walk.takeCopyData();
    const { line, ...span } = data;
    const taken: CopyData = { from: file.from, name: file.name, span, line };
    this.#dataTaken = true;
    if (this.#last !== undefined) this.#last = { ...this.#last, data: taken };
    return copyInput(taken)();
  };

  async send(statement: LiveStatement, place: Place, show: Show): Promise<Failure | undefined> {
    const { text, directives, how, terminated } = statement;
    const [whole] = directives.split === undefined ? [] : cutSeries(directives.split.rows, 1);
    const rendered = renderTemplate(text, whole === undefined ? {} : pieceValues(whole));
    const sql = rendered.text;
    this.#last = { place, rendered };
    if (this.#parts.walk.variables.word('ECHO') === 'queries')
      this.#parts.output.print(`${sql}${terminated ? ';' : ''}\n`);
    const sending = { sql, place, show };
    switch (how.kind) {
      case 'plain':
        return (await this.#sendAndShow(sending)).failure;
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

  /** `\copy`: a COPY that somebody else feeds or empties. */
  async sendCopy(sending: Sending, send: () => Promise<Answer>): Promise<Failure | undefined> {
    const answer = await this.#surround(sending, send);
    this.#showAnswer(answer, sending, this.#parts.output);
    return answer.failure;
  }

  async #sendAndShow(sending: Sending, output = this.#parts.output): Promise<Answer> {
    const answer = await this.#surround(sending, () => this.#sendSql(sending.sql));
    this.#showAnswer(answer, sending, output);
    return answer;
  }

  #showAnswer(answer: Answer, { show }: Sending, output: LiveOutput): void {
    for (const text of shownAnswer(answer, show, answer.duration ?? 0)) output.result(text);
  }

  /** With the transaction that AUTOCOMMIT and ON_ERROR_ROLLBACK put around a statement. */
  async #surround({ sql, place }: Sending, send: () => Promise<Answer>): Promise<Answer> {
    const { session, walk, report } = this.#parts;
    const { variables } = walk;
    if (!variables.flag('AUTOCOMMIT') && !session.inTransaction && !needsNoBegin(sql)) {
      const begun = await session.send('BEGIN');
      if (begun.failure !== undefined) return begun;
    }
    const guards =
      variables.flag('ON_ERROR_ROLLBACK') && session.inTransaction && !session.inFailedTransaction;
    if (guards) await session.send(`SAVEPOINT ${SAVEPOINT}`);
    report.begin(place);
    const start = report.now();
    const answer = { ...(await send()), duration: report.now() - start };
    if (answer.failure === undefined) report.done(place, answer, start);
    if (guards && session.inFailedTransaction) await session.send(`ROLLBACK TO ${SAVEPOINT}`);
    else if (guards && session.inTransaction && !isSavepointCommand(sql))
      await session.send(`RELEASE ${SAVEPOINT}`);
    setResultVariables(variables, answer);
    return answer;
  }

  /** Data behind a COPY that failed before it took them must not be read as commands, unlike in psql. */
  async #sendSql(sql: string): Promise<Answer> {
    this.#dataTaken = false;
    const answer = await this.#parts.session.send(sql, { input: this.inlineInput });
    if (answer.failure !== undefined && !this.#dataTaken && isCopyFromStdinByWords(sql))
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
    if (file === undefined) return (await this.#sendAndShow({ ...sending, show })).failure;
    const own = new LiveOutput((text) => this.#parts.report.print(text));
    try {
      own.redirect(this.#parts.walk.resolvePath(file.text));
    } catch (error) {
      return { kind: 'client', message: `\\g: ${error instanceof Error ? error.message : String(error)}` };
    }
    const { failure } = await this.#sendAndShow({ ...sending, show }, own);
    own.close();
    return failure;
  }

  async #sendAndStore(sending: Sending, prefix: string): Promise<Failure | undefined> {
    const answer = await this.#surround(sending, () => this.#sendSql(sending.sql));
    const result = answer.results.findLast(({ kind }) => kind === 'rows');
    if (answer.failure !== undefined || result?.kind !== 'rows') return answer.failure;
    return storeRow(this.#parts.walk.variables, result, prefix);
  }

  /** Each value of the result is a statement of its own, row by row. */
  async #sendAndExecute(sending: Sending): Promise<Failure | undefined> {
    const answer = await this.#surround(sending, () => this.#sendSql(sending.sql));
    if (answer.failure !== undefined) return answer.failure;
    const { variables } = this.#parts.walk;
    let first: Failure | undefined;
    for (const result of answer.results) {
      for (const sql of result.kind === 'rows' ? result.rows.flat() : []) {
        if (sql === null) continue;
        if (variables.word('ECHO') === 'all') this.#parts.output.print(`${sql}\n`);
        const { failure } = await this.#sendAndShow({ ...sending, sql });
        if (failure === undefined) continue;
        this.#last = {
          place: sending.place,
          rendered: renderTemplate([{ kind: 'value', text: sql, ...sending.place }]),
        };
        first ??= failure;
        if (this.#parts.walk.stopsOnError || failure.kind === 'connection') return failure;
      }
    }
    return first;
  }

  async #describe({ sql, place, show }: Sending): Promise<Failure | undefined> {
    const { session, output, report } = this.#parts;
    report.begin(place);
    const { columns, failure } = await session.describe(sql);
    if (failure !== undefined) return failure;
    if (columns.length === 0) {
      output.result('The command has no result, or the result has no columns.\n');
      return undefined;
    }
    const answer = await session.send(describeText(columns));
    this.#showAnswer(answer, { sql, place, show }, output);
    return answer.failure;
  }
}

const SAVEPOINT = 'pg_psql_temporary_savepoint';
