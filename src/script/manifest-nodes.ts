import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { checkEncoding } from './encoding.js';
import { Faults, type Fault } from './faults.js';
import { memoryBytes } from './script-bytes.js';

/**
 * The text of a manifest as nodes that know where they stand, with the faults found so far.
 *
 * A path leads from the root to a node: `['stages', 0, 'files']`. It does not know what a manifest may hold.
 */
export class ManifestNodes {
  readonly file: string;
  readonly faults: Faults;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #document: ReturnType<typeof parseDocument>;

  constructor(file: string, bytes: Buffer) {
    this.file = file;
    this.faults = new Faults({ file }, () => memoryBytes(bytes));
    this.#text = new TextDecoder().decode(bytes);
    const encoding = checkEncoding(bytes);
    if (encoding !== undefined) this.faults.add(encoding.at, encoding);
    // Faults are told as diagnostics; yaml itself is to print nothing.
    this.#document = parseDocument(this.#text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      logLevel: 'error',
    });
  }

  /** Tells faults of syntax. False when the values are not worth looking at, because they are not what was meant. */
  areSound(): boolean {
    if (this.faults.list().length > 0) return false;
    const { errors, warnings, contents } = this.#document;
    for (const { pos } of errors.filter(isDuplicate))
      this.#add(pos[0], { message: 'this key is there twice', hint: 'remove one of the two' });
    // After its first fault the parser guesses, and what it says then is about its guess.
    const [first] = [...errors.filter((error) => !isDuplicate(error)), ...warnings];
    if (first !== undefined) {
      this.#add(first.pos[0], {
        message: lowerFirst(first.message),
        hint: HINTS.get(first.code) ?? SYNTAX_HINT,
      });
      return false;
    }
    if (contents === null) {
      this.#add(0, {
        message: 'the manifest is empty',
        hint: 'write at least: stages: [{ files: "*.sql" }]',
      });
      return false;
    }
    return this.#resolvesAliases();
  }

  #resolvesAliases(): boolean {
    let resolves = true;
    visit(this.#document, {
      Alias: (_, alias) => {
        if (alias.resolve(this.#document) !== undefined) return;
        resolves = false;
        this.#add(startOf(alias), {
          message: `there is no anchor &${alias.source} before this alias`,
          hint: `to mean the text itself, put it in quotes: "*${alias.source}"`,
        });
      },
    });
    return resolves;
  }

  /** The whole as plain values. */
  values(): unknown {
    return this.#document.toJS({ maxAliasCount: -1 });
  }

  /** The value at a path, an alias being what it stands for; undefined where there is none. */
  valueAt(path: Path): unknown {
    return this.#resolve(this.#at(path).value);
  }

  has(path: Path): boolean {
    return this.#at(path).value !== undefined;
  }

  /** The scalars of the map at a path, as they are written: `1.10` stays `1.10`, `007` stays `007`. */
  textsIn(path: Path): readonly (readonly [string, string])[] {
    const map = this.valueAt(path);
    if (!isMap(map)) return [];
    return map.items.map(({ key, value }) => {
      const scalar = this.#resolve(value);
      return [keyText(key), isScalar(scalar) ? (scalar.source ?? String(scalar.value)) : ''] as const;
    });
  }

  addAt(path: Path, fault: Fault): void {
    this.#add(startOf(this.#at(path).value), fault);
  }

  /** A fault of the key itself, not of its value. */
  addAtKey(path: Path, fault: Fault): void {
    this.#add(startOf(this.#at(path).key), fault);
  }

  #at(path: Path): { readonly key: unknown; readonly value: unknown } {
    let key: unknown;
    let value: unknown = this.#document.contents;
    for (const segment of path) {
      const parent = this.#resolve(value);
      const pair = isMap(parent)
        ? parent.items.find((item) => keyText(item.key) === String(segment))
        : undefined;
      key = pair?.key;
      value = isSeq(parent) ? parent.items[Number(segment)] : pair?.value;
    }
    return { key, value };
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  /** yaml's offsets count UTF-16 units; places count characters. */
  #add(offset: number, fault: Fault): void {
    const { line, col } = this.#lines.linePos(offset);
    const before = this.#text.slice(offset - Math.max(col, 1) + 1, offset);
    this.faults.add({ line: Math.max(line, 1), column: Array.from(before).length + 1 }, fault);
  }
}

export type Path = readonly PropertyKey[];

const SYNTAX_HINT = 'a manifest is YAML or JSON; texts with signs such as : # * & { [ ! go in quotes';

const HINTS: ReadonlyMap<string, string> = new Map([
  ['TAB_AS_INDENT', 'indent with spaces'],
  ['MULTIPLE_DOCS', 'a manifest is one document: remove the --- line'],
  ['TAG_RESOLVE_FAILED', 'to mean the text itself, put it in quotes: "!old.sql"'],
]);

function isDuplicate({ code }: { readonly code: string }): boolean {
  return code === 'DUPLICATE_KEY';
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** A key as it is in the plain values. */
function keyText(key: unknown): string {
  return isScalar(key) && key.value === null ? '' : String(key);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
