import type { Node } from 'libpg-query';
import { formOf, type Form } from './form.js';
import { moldOf, type Mold } from './mold.js';
import { loadParser, type Parsed, type Parser, type TreeForm } from './syntax.js';

/**
 * A parser that gives the very trees of another one, but parses statements of one form (form.ts) only a few times: the trees of
 * those that come later are poured from a mold, in a fifth of the time. Scripts that a program has written, dumps above all,
 * have few forms. To make a mold takes two parses, so it is made of what comes again and again.
 *
 * A tree is poured when somebody looks at it: what follows from the form alone is known without.
 */
export function rememberingForms(parser: Parser): Parser {
  const known = new Map<string, Known>();
  return {
    ...parser,
    parse: (text) => {
      const form = formOf(text);
      if (form === undefined) return parser.parse(text);
      const before = known.get(form.key) ?? 1;
      if (before === 'none') return parser.parse(text);
      if (typeof before === 'object') return new Poured(before, text, form);
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

class Poured {
  readonly kind = 'parsed';
  readonly form: TreeForm;
  readonly #pour: () => readonly Node[];
  #nodes: readonly Node[] | undefined;

  constructor(mold: Mold, text: string, form: Form) {
    this.form = mold;
    this.#pour = () => mold.pour(text, form);
  }

  get nodes(): readonly Node[] {
    return (this.#nodes ??= this.#pour());
  }
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
