import type { Node } from 'libpg-query';
import { sameTree } from './same-tree.js';
import type { Parser } from './syntax.js';

/**
 * The statements of one message (`\;`), each by itself. A text is cut at a `;` where what stands before it is a
 * statement, and what stands behind it are all the others; the cuts count only when the parts are what the message is.
 */
export interface MessagePart {
  readonly text: string;
  /** Where it begins in the message: characters (code points) from 1, as PostgreSQL's error positions. */
  readonly position: number;
  readonly node: Node;
}

/** Undefined: they could not be told apart. */
export function messageParts(text: string, parser: Parser): readonly MessagePart[] | undefined {
  const whole = nodesOf(text, parser);
  if (whole === undefined) return undefined;
  const parts: MessagePart[] = [];
  let start = 0;
  for (const end of endsOf(text)) {
    const piece = text.slice(start, end);
    const read = nodesOf(piece, parser);
    const node = read?.[0];
    // A `;` in a comment cuts nothing: what stands behind it is no statement.
    const left = whole.length - parts.length - (node === undefined ? 0 : 1);
    if (read === undefined || nodesOf(text.slice(end + 1), parser)?.length !== left) continue;
    if (node !== undefined) {
      const begin = start + (piece.length - piece.trimStart().length);
      parts.push({ text: piece.trim(), position: Array.from(text.slice(0, begin)).length + 1, node });
    }
    start = end + 1;
  }
  const nodes = parts.map(({ node }) => node);
  return sameTree(nodes, whole) ? parts : undefined;
}

function nodesOf(text: string, parser: Parser): readonly Node[] | undefined {
  const parsed = parser.parse(text);
  return parsed.kind === 'parsed' ? parsed.nodes : undefined;
}

function endsOf(text: string): readonly number[] {
  return [...[...text.matchAll(/;/g)].map(({ index }) => index), text.length];
}
