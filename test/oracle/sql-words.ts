/**
 * The words of the statements in one Query message, without quotes and comments: enough to tell a COPY … FROM STDIN from
 * a SELECT that speaks of one. Where statements end is looked for only because `\;` sends several at once.
 *
 * It is rougher than psql's lexer and the server's, on purpose independent of pqrun's, and must only understand what
 * generate.ts writes.
 */
export interface Part {
  /** As it was sent, with its comments, which may hold markers for the recorder. */
  readonly raw: string;
  /** Upper case, one blank between words; every quote is a `?`. */
  readonly words: string;
}

/** Splits at each `;` outside quotes, comments and parentheses, but never a CREATE, which may have a body. */
export function splitParts(text: string, standardStrings: boolean): readonly Part[] {
  const parts: Part[] = [];
  let [words, from, depth] = ['', 0, 0];
  const end = (position: number): void => {
    const part = { raw: text.slice(from, position), words: words.trim().replace(/\s+/g, ' ').toUpperCase() };
    if (part.words !== '') parts.push(part);
    [words, from] = ['', position];
  };
  const token =
    /--[^\r\n]*|\/\*|\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|e'|['"]|[\w\u0080-\uffff][\w$\u0080-\uffff]*|[^]/giy;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    const closed = quoteEnd(text, token.lastIndex, { found, standardStrings });
    if (closed !== undefined) {
      token.lastIndex = closed;
      words += found === '/*' ? ' ' : ' ? ';
      continue;
    }
    if (found === '(') depth += 1;
    if (found === ')') depth -= 1;
    if (found === ';' && depth <= 0 && !/^\s*create\b/i.test(words)) end(token.lastIndex);
    else words += found.startsWith('--') ? ' ' : found;
  }
  end(text.length);
  return parts;
}

/** The position behind a quote or block comment that `found` opens, or undefined if it opens none. */
function quoteEnd(
  text: string,
  from: number,
  { found, standardStrings }: { found: string; standardStrings: boolean },
): number | undefined {
  if (found === '/*') return commentEnd(text, from);
  if (found === '"') return endOf(text, from, /"/g);
  if (found === "'" && standardStrings) return endOf(text, from, /'/g);
  if (found === "'" || found.toLowerCase() === "e'") return endOf(text, from, /(?<=(?:^|[^\\])(?:\\\\)*)'/g);
  if (!found.startsWith('$') || found === '$') return undefined;
  const close = text.indexOf(found, from);
  return close < 0 ? text.length : close + found.length;
}

function endOf(text: string, from: number, close: RegExp): number {
  const rest = text.slice(from);
  return close.test(rest) ? from + close.lastIndex : text.length;
}

function commentEnd(text: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let depth = 1;
  for (let match = edge.exec(text); match !== null; match = edge.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return text.length;
}
