import type { ExplainedStatement, ExplainOutcome, SerialReason } from '../../model/explain.js';
import { isChunkSplit, type Statement } from '../../model/script.js';
import { isolationNamed, setsTransaction } from '../../script/isolation.js';
import { queryShape, verbOf, type QueryShape } from '../../script/query-shape.js';
import type { Parser } from '../../script/syntax.js';
import { WHOLE_CHUNK } from '../../plan/chunk-pieces.js';
import { splitParts } from '../../plan/pieces.js';
import { quoteLiteral } from '../../script/variables.js';
import { copyInputs } from '../copy-input.js';
import { messageOf, type ExplainConnection } from './connection.js';
import { missingWorkers } from './missing-workers.js';
import { partsOf, type Part } from '../../script/statement-parts.js';
import { parallelNodes, plansOf, workersOf, type PlanNode } from './plan-tree.js';
import { ANALYZE, EXPLAIN } from './trials.js';
import { whySerial } from './why-serial.js';

/**
 * Explains statements one after another in one transaction, which `finish` rolls back. Each is planned; when its plan is
 * serial, whySerial finds out why. What later statements need is then done: definitions and settings always, tables that
 * a query would fill without their rows. With `analyze` queries and writes are run too.
 */
export class Explainer {
  readonly #connection: ExplainConnection;
  readonly #parser: Parser;
  readonly #analyze: boolean;
  /** Statements that write rows were only planned. */
  #leftOut = false;
  /** Of the transaction that the script would be in; undefined: the session's default. */
  #isolation: string | undefined;

  constructor(connection: ExplainConnection, parser: Parser, analyze: boolean) {
    this.#connection = connection;
    this.#parser = parser;
    this.#analyze = analyze;
  }

  get leftOut(): boolean {
    return this.#leftOut;
  }

  async begin(initSql: string): Promise<void> {
    if (initSql !== '') await this.#connection.send(initSql);
    await this.#connection.send('BEGIN');
  }

  /** Makes the session as a script finds it, as far as a transaction allows. */
  async beginScript(): Promise<void> {
    this.#isolation = undefined;
    const reset =
      'CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; DISCARD TEMP; DISCARD SEQUENCES';
    await this.#connection.attempt(reset, 'keep');
    await this.#connection.attempt(ENDS_WITH_US, 'keep');
  }

  async finish(): Promise<void> {
    await this.#connection.send('ROLLBACK');
  }

  /** Of a statement that is sent to the server; of several in one message, each. */
  async explain(statement: Statement): Promise<readonly ExplainedStatement[]> {
    const { facts, place, directives } = statement;
    const { split } = directives;
    const whole = split?.by === 'rows' ? { by: split.by, rows: split.rows, place: split.place } : split;
    const [first] = whole === undefined ? [] : splitParts(statement, whole, { connections: 1 });
    const verb = verbOf(facts.node);
    if (split !== undefined && first === undefined)
      return [{ place, verb, outcome: { kind: 'passed', note: 'there is nothing to run it for' } }];
    if (statement.parameters !== undefined)
      return [{ place, verb, outcome: { kind: 'passed', note: 'its plan depends on its parameters' } }];
    const explained: ExplainedStatement[] = [];
    const values = isChunkSplit(split) ? WHOLE_CHUNK : first?.step.values;
    for (const part of partsOf(statement, values, this.#parser))
      explained.push({ place: part.place, ...(await this.#explainPart(part)) });
    return explained;
  }

  async #explainPart(part: Part): Promise<Omit<ExplainedStatement, 'place'>> {
    const { facts, text, node } = part;
    const verb = verbOf(facts.node);
    const passed = (note: string): ExplainOutcome => ({ kind: 'passed', note });
    if (facts.count > 1 || facts.control !== 'none' || (node !== undefined && setsTransaction(node))) {
      this.#followTransaction(part);
      return { verb, outcome: passed(facts.count > 1 ? UNCUT : ONE_TRANSACTION) };
    }
    if (facts.alone) return { verb, outcome: passed('it cannot be run in a transaction') };
    const shape = queryShape(text, this.#parser);
    if (shape === undefined) return { verb, outcome: await this.#execute(part) };
    return { verb: shape.verb, outcome: await this.#explainQuery({ ...part, shape }) };
  }

  /** What the script's own transactions would be. */
  #followTransaction({ facts, node }: Part): void {
    const named = node === undefined ? undefined : isolationNamed(node);
    if (facts.control === 'none') this.#isolation = named ?? this.#isolation;
    else if (facts.control !== 'savepoint') this.#isolation = named;
  }

  async #explainQuery(query: Query): Promise<ExplainOutcome> {
    const { shape } = query;
    if (shape.isBareInsert) {
      await this.#effect(query);
      return { kind: 'serial', reasons: [NO_QUERY] };
    }
    const explained = shape.explained ?? (await this.#viewQuery(shape.view));
    if (explained === undefined) return this.#execute(query);
    const answer = await this.#connection.attempt(`${EXPLAIN} ${explained}`, 'undo');
    if (answer.failure !== undefined) return { kind: 'failed', message: messageOf(answer.failure) };
    const plans = plansOf(answer);
    if (plans.length === 0) return this.#execute(query);
    const outcome =
      workersOf(plans).planned > 0
        ? parallelOutcome(plans)
        : { kind: 'serial' as const, reasons: await this.#whySerial(query, explained, plans) };
    return this.#analyze ? this.#run(query, explained, outcome) : this.#planOnly(query, explained, outcome);
  }

  #whySerial({ shape }: Query, text: string, plans: readonly PlanNode[]): Promise<readonly SerialReason[]> {
    const query = shape.view === undefined ? shape.query : text;
    return whySerial(this.#connection, { text, shape, plans, query, isolation: this.#isolation });
  }

  async #planOnly(query: Query, explained: string, outcome: ExplainOutcome): Promise<ExplainOutcome> {
    await this.#effect(query);
    if (outcome.kind !== 'parallel') return outcome;
    const reasons = await missingWorkers(this.#connection, { explained, planned: outcome.planned });
    return { ...outcome, reasons };
  }

  /** Runs it; what it writes stays for those behind it, until the end. */
  async #run(query: Query, explained: string, outcome: ExplainOutcome): Promise<ExplainOutcome> {
    const answer = await this.#connection.attempt(`${ANALYZE} ${explained}`, 'keep');
    if (answer.failure !== undefined) return { kind: 'failed', message: messageOf(answer.failure) };
    await this.#effect(query);
    if (outcome.kind !== 'parallel') return outcome;
    const { planned } = outcome;
    const { launched = 0 } = workersOf(plansOf(answer));
    const missing = { explained, planned, launched };
    const reasons = launched < planned ? await missingWorkers(this.#connection, missing) : [];
    return { ...outcome, launched, reasons };
  }

  /** What the statements behind it need of it and explaining has not done. A failure there shows where it is missed. */
  async #effect({ text, shape, facts }: Query): Promise<void> {
    const fills = shape.writes || shape.empty !== undefined || shape.view !== undefined;
    if (this.#analyze) {
      const isUndone = shape.isBareInsert || shape.view !== undefined || shape.hindrances.includes('cursor');
      if (isUndone) await this.#connection.attempt(text, 'keep');
      return;
    }
    if (shape.empty !== undefined) await this.#connection.attempt(shape.empty, 'keep');
    else if (facts.session !== 'none' && !fills) await this.#connection.attempt(text, 'keep');
    this.#leftOut ||= fills;
  }

  async #execute({ text, facts, data }: Part): Promise<ExplainOutcome> {
    // It may write files, too, which no rollback undoes.
    if (facts.node === 'CopyStmt' && !this.#analyze) {
      this.#leftOut = true;
      return { kind: 'passed', note: 'data are copied only with --analyze' };
    }
    const input = data === undefined ? undefined : copyInputs(data);
    const { failure } = await this.#connection.attempt(text, 'keep', input);
    return failure === undefined ? { kind: 'executed' } : { kind: 'failed', message: messageOf(failure) };
  }

  /** The query of a materialized view. */
  async #viewQuery(view: string | undefined): Promise<string | undefined> {
    if (view === undefined) return undefined;
    const [row] = await this.#connection.rows(
      `SELECT pg_catalog.rtrim(pg_catalog.pg_get_viewdef(${quoteLiteral(view)}::pg_catalog.regclass), ';')`,
    );
    return row?.[0] ?? undefined;
  }
}

interface Query extends Part {
  readonly shape: QueryShape;
}

function parallelOutcome(plans: readonly PlanNode[]): Extract<ExplainOutcome, { kind: 'parallel' }> {
  const { planned } = workersOf(plans);
  return { kind: 'parallel', planned, nodes: parallelNodes(plans), reasons: [] };
}

const ONE_TRANSACTION = 'here all is one transaction';
const UNCUT = 'several statements in one message (\\;) that cannot be told apart';

const NO_QUERY = {
  kind: 'no-query',
  text: 'its rows stand in the statement: there is no query to share out',
  fix: 'nothing to do; many rows are loaded faster by COPY',
  proof: { kind: 'rule' },
} as const;

/**
 * When pqrun is ended, a statement that runs (`--analyze`) ends within a second, where the server can notice (version 14 and
 * later, on most systems). Elsewhere the setting is unknown or refused, and nothing is lost.
 */
const ENDS_WITH_US = `SELECT pg_catalog.set_config(name, '1000', false) FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval'`;
