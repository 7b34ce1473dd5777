import type { Client } from 'pg';
import { BoundQuery, type BoundOptions, type BoundStatement } from './bound-query.js';
import type { PipelineListener } from './pipeline-query.js';
import { withLost } from './lost-answers.js';
import type { Answer } from './statement-query.js';

/**
 * Sends the statements with parameters of one session. A text is parsed once, under a name, and then only bound to values;
 * the first of its kind goes alone, so that nothing is sent behind a text that does not parse. The others are sent ahead of
 * their answers.
 *
 * It remembers what the server remembers, as far as the texts that are sent tell: whoever sends others tells it of them.
 */
export class BoundSender {
  /** The latest texts, and the number in the name of each. */
  readonly #prepared = new Map<string, number>();
  #next = 0;

  /** The session is a new one. */
  forgetAll(): void {
    this.#prepared.clear();
  }

  /** Some other text is sent. */
  follow(text: string): void {
    if (this.#prepared.size > 0 && FORGETS.test(text)) this.forgetAll();
  }

  /** Answers come in their order. */
  async send(
    client: Client,
    statements: readonly BoundStatement[],
    { encode, listener }: Pick<BoundOptions, 'encode'> & { readonly listener: PipelineListener },
  ): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    while (answers.length < statements.length) {
      const from = answers.length;
      let answered = from;
      const options = (index: number): BoundOptions => ({
        encode,
        taker: () => listener.taker(from + index),
        onAnswer: (answer) => listener.answered(++answered, answer),
      });
      const known = this.#countPrepared(statements, from);
      const some = statements.slice(from, from + Math.max(known, 1));
      answers.push(
        ...(known === 0
          ? await this.#prepare(client, some, options)
          : await this.#sendPrepared(client, some, options)),
      );
      const lost = answers.findIndex(({ failure }) => failure?.kind === 'connection');
      if (lost >= 0)
        return withLost(answers.slice(0, lost + 1), { sent: answers.length, of: statements.length });
    }
    return answers;
  }

  #countPrepared(statements: readonly BoundStatement[], from: number): number {
    let count = 0;
    while (count < MOST_AHEAD && this.#prepared.has(statements[from + count]?.text ?? '')) count += 1;
    return count;
  }

  async #prepare(
    client: Client,
    [statement]: readonly BoundStatement[],
    options: (index: number) => BoundOptions,
  ): Promise<readonly Answer[]> {
    if (statement === undefined) return [];
    const number = this.#next;
    this.#next = (this.#next + 1) % MOST_PREPARED;
    for (const [text, of] of this.#prepared) if (of === number) this.#prepared.delete(text);
    const answer = await client.query(new BoundQuery(statement, { ...options(0), name: nameOf(number) }))
      .done;
    if (answer.failure === undefined) this.#prepared.set(statement.text, number);
    return [answer];
  }

  #sendPrepared(
    client: Client,
    statements: readonly BoundStatement[],
    options: (index: number) => BoundOptions,
  ): Promise<readonly Answer[]> {
    const queries = statements.map((statement, index) => {
      const name = nameOf(this.#prepared.get(statement.text) ?? 0);
      return new BoundQuery(statement, { ...options(index), name, isPrepared: true });
    });
    return BoundQuery.sendAll(client, queries);
  }
}

function nameOf(number: number): string {
  return `pqrun_${number}`;
}

/** DISCARD PLANS, with which each batch begins, keeps prepared statements, and so do TEMP and SEQUENCES. */
const FORGETS = /\bdeallocate\b|\bdiscard\b(?!\s+(?:plans|sequences|temp|temporary)\b)/i;

/** Prepared statements of one session: one is enough for a split, and texts may differ from record to record. */
const MOST_PREPARED = 20;
/** As many as a batch has at most. */
const MOST_AHEAD = 100;
