import type { Failure } from '../model/failure.js';
import type { Answer } from './statement-query.js';

/** A session, as far as that matters here. */
export interface Sender {
  send(text: string): Promise<Answer>;
}

/** What could not be set again, and which of the settings that was. */
export interface Unset {
  readonly failure: Failure;
  readonly step: number;
}

/**
 * Sets again what a script has set before a job, or --init-sql for all: statements of nothing but SET, RESET and set_config().
 *
 * One way to the server and back each is what a dump's ten settings took longer with than a job of their script does. So they go
 * as one message, where they mean the same in one: the server reads it as a whole, as it is when the message comes. Encodings do
 * not matter to ASCII, nor standard_conforming_strings where no backslash is. A message is one transaction: where one of it fails,
 * none is set, and they go one by one, which tells which it was. (SET transaction_isolation fails behind a query, and then does
 * not.)
 */
export async function replay(session: Sender, texts: readonly string[]): Promise<Unset | undefined> {
  if (texts.length > 1 && texts.every((text) => SAME_IN_ANY.test(text))) {
    // A comment may stand at the end of one.
    const { failure } = await session.send(texts.join('\n;'));
    if (failure?.kind !== 'server') return failure && { failure, step: 0 };
  }
  for (const [step, text] of texts.entries()) {
    const { failure } = await session.send(text);
    if (failure !== undefined) return { failure, step };
  }
  return undefined;
}

/** ASCII without backslashes. */
const SAME_IN_ANY = /^[\t\n\r\u0020-\u005B\u005D-\u007E]*$/;
