import type { Node } from 'libpg-query';
import type { Form, TokenKind } from './form.js';
import type { Parser, TreeForm } from './syntax.js';

/**
 * What a parse tree is poured from: the tree of one form (form.ts), with the places where names, values and places in the
 * text go. It is found by parsing a statement of that form whose names and values are all different and occur nowhere else;
 * what becomes of each is then seen in its tree. Where the grammar makes anything else of a value than the value, or nothing
 * at all, because it has looked at it, there is no mold.
 *
 * What it knows of the trees is only this: numbers named `location` and so on count bytes, and zeros are left out.
 */
export class Mold implements TreeForm {
  readonly #pour: Pour;
  readonly #probe: (look: () => void) => unknown;

  constructor(pour: Pour, probe: (look: () => void) => unknown) {
    this.#pour = pour;
    this.#probe = probe;
  }

  /** The tree of a text of this form. */
  pour(text: string, form: Form): readonly Node[] {
    return this.#pour(text, form) as readonly Node[];
  }

  know<Known>(work: (nodes: readonly Node[]) => Known): Known | undefined {
    const looks: true[] = [];
    const known = work(this.#probe(() => looks.push(true)) as readonly Node[]);
    return looks.length > 0 ? undefined : known;
  }
}

/** Makes a part of the tree. */
type Pour = (text: string, form: Form) => unknown;

/** Undefined: this form has none, or none that gives for this text what the parser does. */
export function moldOf(parser: Parser, text: string, form: Form): Mold | undefined {
  const marked = markedText(text, form);
  const [tree, original] = [parser.parse(marked.text), parser.parse(text)];
  if (tree.kind !== 'parsed' || original.kind !== 'parsed') return undefined;
  const finder = new MoldFinder(form, marked.starts);
  const pour = finder.find(tree.nodes, '');
  if (pour === undefined || !finder.hasMetAll) return undefined;
  if (JSON.stringify(pour(text, form)) !== JSON.stringify(original.nodes)) return undefined;
  return new Mold(pour, (look) => finder.probe(tree.nodes, '', look));
}

interface Marked {
  readonly text: string;
  /** Of its tokens. */
  readonly starts: readonly number[];
}

function markedText(text: string, { kinds, starts, ends }: Form): Marked {
  // At 0 nothing stands, because zeros are left out of the tree.
  let marked = '';
  const places = kinds.map((kind, token) => {
    marked += ' ';
    const place = marked.length;
    marked += kind === 'fixed' ? text.slice(starts[token], ends[token]) : marker(kind, token);
    return place;
  });
  return { text: marked, starts: places };
}

function marker(kind: TokenKind, token: number): string {
  if (kind === 'integer') return String(FIRST_NUMBER + token);
  if (kind === 'decimal') return `${FIRST_NUMBER + token}.25`;
  return kind === 'string' || kind === 'dollar' ? `'zq${token}z'` : `zq${token}z`;
}

const FIRST_NUMBER = 7_000_000;
const MARKED_NAME = /^zq(\d+)z$/;
const MARKED_DECIMAL = /^(-?)(7\d{6})\.25$/;
const ANY_MARKER = /zq\d+z|7\d{6}/;
const PLACE = /^(?:location|stmt_len|.*_location|.*list_start|.*list_end)$/;

class MoldFinder {
  readonly #form: Form;
  /** Of the tokens in the marked text. */
  readonly #starts: readonly number[];
  readonly #met = new Set<number>();

  constructor(form: Form, starts: readonly number[]) {
    this.#form = form;
    this.#starts = starts;
  }

  /** Every name and value is somewhere in the tree. */
  get hasMetAll(): boolean {
    return this.#form.kinds.every((kind, token) => kind === 'fixed' || this.#met.has(token));
  }

  /** Of this part of the tree, which stands under this key. */
  find(part: unknown, key: string): Pour | undefined {
    if (typeof part === 'string') return this.#ofString(part);
    if (typeof part === 'number') return PLACE.test(key) ? this.#ofPlace(part) : this.#ofNumber(part);
    if (typeof part !== 'object' || part === null) return constant(part);
    return Array.isArray(part) ? this.#ofList(part, key) : this.#ofObject(part);
  }

  /** The marked tree, which says so when it is asked for what differs among the texts of a form, or whether that is there. */
  probe(part: unknown, key: string, look: () => void): unknown {
    if (typeof part !== 'object' || part === null) return part;
    const copy: Record<string, unknown> = Array.isArray(part)
      ? ([] as unknown as Record<string, unknown>)
      : {};
    const varying = new Set<string | symbol>();
    for (const [name, value] of Object.entries(part)) {
      const field = Array.isArray(part) ? key : name;
      copy[name] = this.probe(value, field, look);
      if (typeof value !== 'object' && !this.#isConstant(value, field)) varying.add(name);
    }
    if (varying.size === 0) return copy;
    const lookAt = (name: string | symbol): void => (varying.has(name) ? look() : undefined);
    return new Proxy(copy, {
      get: (target, name) => (lookAt(name), Reflect.get(target, name) as unknown),
      has: (target, name) => (lookAt(name), Reflect.has(target, name)),
      // Zeros are left out.
      ownKeys: (target) => (look(), Reflect.ownKeys(target)),
    });
  }

  #isConstant(leaf: unknown, key: string): boolean {
    const pour = this.find(leaf, key);
    return pour !== undefined && CONSTANTS.has(pour);
  }

  #ofList(parts: readonly unknown[], key: string): Pour | undefined {
    const molds = parts.map((part) => this.find(part, key));
    if (!molds.every((mold) => mold !== undefined)) return undefined;
    const [only] = molds;
    if (only !== undefined && molds.length === 1) return (text, form) => [only(text, form)];
    return (text, form) => molds.map((mold) => mold(text, form));
  }

  #ofObject(part: object): Pour | undefined {
    const fields = Object.entries(part).map(([key, value]) => ({ key, mold: this.find(value, key) }));
    if (!fields.every((field): field is Field => field.mold !== undefined)) return undefined;
    return (text, form) => {
      const made: Record<string, unknown> = {};
      for (const { key, mold } of fields) {
        const value = mold(text, form);
        if (value !== 0) made[key] = value;
      }
      return made;
    };
  }

  #ofString(part: string): Pour | undefined {
    const token = Number(MARKED_NAME.exec(part)?.[1] ?? -1);
    if (WORDS.has(this.#form.kinds[token])) {
      this.#met.add(token);
      return (text, form) => valueOf(text, form, token);
    }
    const [, sign = '', number] = MARKED_DECIMAL.exec(part) ?? [];
    const decimal = Number(number) - FIRST_NUMBER;
    if (this.#form.kinds[decimal] === 'decimal') {
      this.#met.add(decimal);
      return (text, { starts, ends }) => sign + text.slice(starts[decimal], ends[decimal]);
    }
    return ANY_MARKER.test(part) ? undefined : constant(part);
  }

  #ofNumber(part: number): Pour | undefined {
    const token = Math.abs(part) - FIRST_NUMBER;
    if (token < 0) return constant(part);
    if (this.#form.kinds[token] !== 'integer') return undefined;
    this.#met.add(token);
    const sign = Math.sign(part);
    // No -0: it would not be left out.
    return (text, { starts, ends }) => sign * Number(text.slice(starts[token], ends[token])) || 0;
  }

  #ofPlace(part: number): Pour | undefined {
    const token = this.#starts.findLastIndex((start) => start <= part);
    const within = part - (this.#starts[token] ?? 0);
    if (part < 0) return constant(part);
    if (token < 0 || (within > 0 && this.#form.kinds[token] !== 'fixed')) return undefined;
    return (_, { starts }) => (starts[token] ?? 0) + within;
  }
}

/** Those that make the same of each text. */
const CONSTANTS = new WeakSet<object>();

function constant(part: unknown): Pour {
  const pour = (): unknown => part;
  CONSTANTS.add(pour);
  return pour;
}

const WORDS: ReadonlySet<TokenKind | undefined> = new Set(['name', 'quoted', 'string', 'dollar']);

interface Field {
  readonly key: string;
  readonly mold: Pour;
}

/** What the lexer makes of a name or a string. */
function valueOf(text: string, { kinds, starts, ends }: Form, token: number): string {
  const whole = text.slice(starts[token], ends[token]);
  switch (kinds[token]) {
    case 'quoted':
      return whole.slice(1, -1).replaceAll('""', '"');
    case 'string':
      return whole.slice(1, -1).replaceAll("''", "'");
    case 'dollar': {
      const tag = whole.indexOf('$', 1) + 1;
      return whole.slice(tag, -tag);
    }
    default:
      return whole.toLowerCase();
  }
}
