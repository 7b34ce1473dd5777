import { Class, classOf } from './character-class.js';
import type { Parsed, Parser } from './syntax.js';
import { quoteEnd, wordEnd } from './token-ends.js';

/**
 * A parser that parses statements of one shape once: texts that differ in the values of plain literals only. Whether such a
 * text is SQL, and what it does as far as the parser alone can tell, does not depend on these values (the few places of the
 * grammar where it does are left out), so thousands of generated queries cost as much as a few.
 *
 * The trees that it gives may hold the literals, and the positions, of another text of the same shape: it is for readers
 * that look at neither.
 */
export function rememberingShapes(parser: Parser): Parser {
  const known = new Map<string, Parsed>();
  return {
    ...parser,
    parse: (text) => {
      const shape = shapeOf(text);
      if (shape === undefined) return parser.parse(text);
      const before = known.get(shape);
      if (before !== undefined) return before;
      const parsed = parser.parse(text);
      if (parsed.kind !== 'parsed') return parsed;
      if (known.size >= MOST_SHAPES) known.clear();
      // One string for all that have it. The first has none to keep: most shapes of a mixed script never come again.
      known.set(shape, { kind: 'parsed', nodes: parsed.nodes, shape });
      return parsed;
    },
  };
}

const MOST_SHAPES = 256;
const LONGEST = 4000;

/** Statements whose effects no literal decides. */
const PLAIN = /^\s*(?:select|insert|update|delete)\b/i;

/**
 * What might hide a quote or a digit from the search below (comments, escapes, letters that it does not take for letters), and
 * where the grammar itself looks at a value: float(24), and set_config.
 */
// eslint-disable-next-line no-control-regex -- it says: not ASCII
const UNFIT = /[$\\]|--|\/\*|[^\x00-\x7f]|\bfloat\s*\(|set_config/i;

/** What may stand directly before a string whose value decides nothing: date'…' and B'…' are looked at by the grammar. */
const PLAIN_PREFIX = /^[en]?$/i;

/** Whole numbers of more digits may be no integers to the grammar. */
const MOST_DIGITS = 9;

/**
 * The text with its strings, and its whole numbers, made equal; undefined: it is not known to be safe. A loop, because a pattern
 * that calls back for each literal takes a fifteenth of the time in which a script of INSERTs is read.
 */
function shapeOf(text: string): string | undefined {
  if (text.length > LONGEST || !PLAIN.test(text) || UNFIT.test(text)) return undefined;
  let shape = '';
  /** Of the text up to here all is in the shape. */
  let done = 0;
  for (let at = 0; at < text.length;) {
    const behind = wordEnd(text, at);
    const string = text.charCodeAt(behind) === AMPERSAND ? behind + 1 : behind;
    if (text.charCodeAt(string) === QUOTE) {
      const end = quoteEnd(text, string, "'");
      if (end === undefined) return undefined;
      if (PLAIN_PREFIX.test(text.slice(at, string))) {
        shape += `${text.slice(done, string)}''`;
        done = end;
      }
      at = end;
    } else if (behind > at) {
      if (behind - at <= MOST_DIGITS && isNumber(text, at, behind)) {
        shape += `${text.slice(done, at)}1`;
        done = behind;
      }
      at = behind;
    } else if (text.charCodeAt(at) === DOUBLE_QUOTE) {
      const end = quoteEnd(text, at, '"');
      if (end === undefined) return undefined;
      at = end;
    } else at += 1;
  }
  return shape + text.slice(done);
}

function isNumber(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (classOf(text.charCodeAt(at)) !== Class.Digit) return false;
  return true;
}

const DOUBLE_QUOTE = 0x22;
const AMPERSAND = 0x26;
const QUOTE = 0x27;
