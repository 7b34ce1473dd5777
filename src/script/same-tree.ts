import type { Node } from 'libpg-query';
import type { Parser } from './syntax.js';

/*
 * There is no way back from a parse tree to a text, so the text of a part of a statement is cut out of the statement: a
 * cut is right when it parses to the very tree that is wanted, wherever its nodes stand.
 */

/** True when two trees are the same but for where their nodes stand in the text. */
export function sameTree(one: unknown, other: unknown): boolean {
  return withoutPlaces(one) === withoutPlaces(other);
}

function withoutPlaces(tree: unknown): string {
  // In a list, because there is no JSON for what is not there.
  return JSON.stringify([tree], (key, value: unknown) => (PLACE.test(key) ? undefined : value));
}

const PLACE = /^(?:location|stmt_len|.*_location|.*list_start|.*list_end)$/;

/** The first of the texts that parses to one statement which is accepted. */
export function firstFitting(
  parser: Parser,
  texts: Iterable<string>,
  accept: (node: Node) => boolean,
): string | undefined {
  for (const text of texts) {
    const parsed = parser.parse(text);
    const [node, ...others] = parsed.kind === 'parsed' ? parsed.nodes : [];
    if (node !== undefined && others.length === 0 && accept(node)) return text;
  }
  return undefined;
}

/** Cuts of a text from each place where `begin` matches up to its end, and up to each place where `end` matches. */
export function* cuts(text: string, begin: RegExp, end: RegExp): Generator<string> {
  const ends = [text.length, ...placesOf(text, end).toReversed()].slice(0, MOST_CUTS);
  for (const from of placesOf(text, begin).slice(0, MOST_CUTS))
    for (const to of ends) if (to > from) yield text.slice(from, to);
}

/** Both ends together: 900 attempts of some 50 µs at the worst. */
const MOST_CUTS = 30;

export function placesOf(text: string, pattern: RegExp): readonly number[] {
  return [...text.matchAll(pattern)].map(({ index }) => index);
}
