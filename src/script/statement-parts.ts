import type { Node } from 'libpg-query';
import type { SlotValues } from '../model/job.js';
import type { Place } from '../model/place.js';
import type { CopyData, Statement, StatementFacts } from '../model/script.js';
import { isCopyFromStdin, statementFacts } from './facts.js';
import { messageParts } from './message-parts.js';
import type { Parser } from './syntax.js';
import { renderTemplate } from './template.js';

/** A statement by itself: also each of those that are sent in one message (`\;`). */
export interface Part {
  readonly place: Place;
  readonly text: string;
  readonly facts: StatementFacts;
  /** Undefined when it was not parsed, or is a message whose statements could not be told apart. */
  readonly node: Node | undefined;
  readonly data: readonly CopyData[] | undefined;
}

/** `values` are those of the piece, of a split. */
export function partsOf(
  statement: Statement,
  values: SlotValues | undefined,
  parser: Parser,
): readonly Part[] {
  const { facts, place, data } = statement;
  const { text, locate } = renderTemplate(statement.text, values);
  if (facts.count < 2) {
    const parsed = parser.parse(text);
    const node = parsed.kind === 'parsed' ? parsed.nodes[0] : undefined;
    return [{ place, text, facts, node, data }];
  }
  const parts = messageParts(text, parser);
  if (parts === undefined) return [{ place, text, facts, node: undefined, data }];
  const blocks = [...(data ?? [])];
  return parts.map(({ text: own, position, node }) => ({
    place: { ...place, ...locate(position) },
    text: own,
    facts: statementFacts([node], own),
    node,
    data: isCopyFromStdin(node) ? blocks.splice(0, 1) : undefined,
  }));
}
