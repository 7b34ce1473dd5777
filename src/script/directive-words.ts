import type { LineAndColumn } from './template.js';
import type { Fault } from './faults.js';

/**
 * The grammar of `-- pqrun:` comments: words separated by blanks, each `name`, `name=value`, `name="quoted value"` or
 * `name='quoted value'`; a quote inside is written twice. It does not know which names there are.
 */
export interface DirectiveWord {
  readonly name: string;
  /** Undefined without a `=`. */
  readonly value?: string;
  readonly at: LineAndColumn;
}

export interface DirectiveWords {
  readonly words: readonly DirectiveWord[];
  /** Where the directive begins: its first word, or the comment when it has none. */
  readonly at: LineAndColumn;
  readonly fault?: PlacedFault;
}

type PlacedFault = Fault & { readonly at: LineAndColumn };

/** The words of a line comment that is a directive; undefined for any other comment. */
export function readDirectiveWords(comment: string, at: LineAndColumn): DirectiveWords | undefined {
  const start = DIRECTIVE.exec(comment)?.[0].length;
  if (start === undefined) return undefined;
  const words: DirectiveWord[] = [];
  let { column } = at;
  let counted = 0;
  WORD.lastIndex = start;
  for (let match = WORD.exec(comment); match !== null; match = WORD.exec(comment)) {
    const [, name = '', assigned, quoted, plain] = match;
    column += Array.from(comment.slice(counted, match.index)).length;
    counted = match.index;
    const place = { line: at.line, column };
    if (plain !== undefined && /^["']/.test(plain)) {
      return { words, at: words[0]?.at ?? at, fault: unclosed(place, { name, quote: plain.charAt(0) }) };
    }
    const value = quoted === undefined ? plain : unquote(quoted);
    words.push(assigned === undefined ? { name, at: place } : { name, value: value ?? '', at: place });
  }
  return { words, at: words[0]?.at ?? at };
}

const DIRECTIVE = /^--[ \t\f]*pqrun:/;
/** Name, then perhaps `=` with a quoted value that a blank or the end follows, or with anything up to a blank. */
const WORD = /([^\s=]+|(?==))(=(?:("(?:[^"]|"")*"|'(?:[^']|'')*')(?!\S)|(\S*)))?/g;

function unquote(quoted: string): string {
  const quote = quoted.charAt(0);
  return quoted.slice(1, -1).replaceAll(quote + quote, quote);
}

function unclosed(at: LineAndColumn, word: { readonly name: string; readonly quote: string }): PlacedFault {
  return {
    at,
    message: `the quoted value of ${word.name}= does not end with ${word.quote} and a blank`,
    hint: `close it with ${word.quote}, and leave a blank before the next word`,
  };
}
