import type { Parsed, Parser } from './syntax.js';

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
      known.set(shape, { ...parsed, shape });
      return parsed;
    },
  };
}

const MOST_SHAPES = 256;
const LONGEST = 4000;

/** Statements whose effects no literal decides. */
const PLAIN = /^\s*(?:select|insert|update|delete)\b/i;

/**
 * What might hide a quote or a digit from the pattern below (comments, escapes, letters that it does not take for letters), and
 * where the grammar itself looks at a value: float(24), and set_config.
 */
// eslint-disable-next-line no-control-regex -- it says: not ASCII
const UNFIT = /[$\\]|--|\/\*|[^\x00-\x7f]|\bfloat\s*\(|set_config/i;

/**
 * Names in quotes; strings, with whatever stands directly before them (E'', U&'', B'', date'…'); and whole numbers of a size
 * that the grammar takes for an integer. One pattern for all: what is in the one is not taken for the other.
 */
const TOKEN = /"(?:[^"]|"")*"|(?<!\w)(\w*&?)'(?:[^']|'')*'|\b\d{1,9}\b/g;

/** Strings whose value decides nothing. */
const PLAIN_PREFIX = /^[en]?$/i;

/** The text with all its plain literals made equal; undefined: it is not known to be safe. */
function shapeOf(text: string): string | undefined {
  if (text.length > LONGEST || !PLAIN.test(text) || UNFIT.test(text)) return undefined;
  return text.replace(TOKEN, (token, prefix: string | undefined) => {
    if (prefix === undefined) return token.startsWith('"') ? token : '1';
    return PLAIN_PREFIX.test(prefix) ? `${prefix}''` : token;
  });
}
