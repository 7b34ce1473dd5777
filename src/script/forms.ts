import type { Node } from 'libpg-query';
import { formOf } from './form.js';
import { moldOf, type Mold } from './mold.js';
import { loadParser, type Parsed, type Parser } from './syntax.js';

/**
 * A parser that gives the very trees of another one, but parses statements of one form (form.ts) only a few times: the trees of
 * those that come later are poured from a mold, in a fifth of the time. Scripts that a program has written, dumps above all,
 * have few forms. To make a mold takes two parses, so it is made of what comes again and again.
 */
export function rememberingForms(parser: Parser): Parser {
  const known = new Map<string, Known>();
  return {
    ...parser,
    parse: (text) => {
      const form = formOf(text);
      if (form === undefined) return parser.parse(text);
      const before = known.get(form.key) ?? 1;
      if (typeof before === 'function')
        return { kind: 'parsed', nodes: before(text, form) as readonly Node[] };
      if (before === 'none') return parser.parse(text);
      if (before < SEEN_BEFORE) {
        if (known.size >= MOST_FORMS) known.clear();
        known.set(form.key, before + 1);
        return parser.parse(text);
      }
      const parsed: Parsed = parser.parse(text);
      known.set(form.key, (parsed.kind === 'parsed' ? moldOf(parser, text, form) : undefined) ?? 'none');
      return parsed;
    },
  };
}

/** How often it has been seen; or what its trees are poured from. */
type Known = number | 'none' | Mold;

/** A statement is parsed when it is read, and when it is planned: the third time it is another one. */
const SEEN_BEFORE = 3;
const MOST_FORMS = 2000;

let loading: Promise<Parser> | undefined;

/** The parser for whatever parses whole scripts: what reads them and what plans them know the same forms. */
export function loadScriptParser(): Promise<Parser> {
  loading ??= loadParser().then(rememberingForms);
  return loading;
}
