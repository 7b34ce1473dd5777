import type { Node } from 'libpg-query';
import type { Parser } from '../../script/syntax.js';
import { mentionsOfCode, type Code } from './code.js';
import { constantOf } from './constants.js';
import { parseName, type Name } from './mentions.js';

/**
 * PL/pgSQL → the SQL in it. libpg-query gives a function's tree, in which every query and expression is a text; where they
 * stand (IF, CASE, loops, cursors, RETURN …) does not matter, so all are taken. Statements that run a text (EXECUTE) are
 * read when it is a constant, else the body is unknown.
 *
 * The parser knows no tables: `t%ROWTYPE` is made a `record` first. What it cannot parse is unknown, and any of its words may be
 * the type of a variable.
 */
export function readPlpgsql(definition: string, source: string, parser: Parser): Code {
  const rowTypes: string[] = [];
  const plain = definition.replace(ROW_TYPE, (type) => {
    rowTypes.push(type);
    return 'record';
  });
  const tree = parser.parsePlpgsql(plain);
  if (tree === undefined) {
    const unknown = ['a body that cannot be parsed'];
    return mentionsOfCode([], { variableTypes: namesIn(source), hasHandler: false, unknown });
  }
  const reading = new Reading(parser);
  reading.visit(tree, false);
  const { hasHandler, unknown } = reading;
  const variableTypes = namesIn([...rowTypes, ...reading.types].join('\n'));
  return mentionsOfCode(reading.nodes, { variableTypes, hasHandler, unknown });
}

const ROW_TYPE = /(?:[\w$]+|"[^"]+")(?:\s*\.\s*(?:[\w$]+|"[^"]+"))*\s*%\s*rowtype\b(?:\s*\[\s*\])*/gi;

/** src/include/parser/parser.h: RawParseMode. */
const STATEMENT = 0;
const EXPRESSION = 2;

class Reading {
  readonly nodes: Node[] = [];
  /** Of variables, as they are written. */
  readonly types = new Set<string>();
  readonly unknown: string[] = [];
  hasHandler = false;
  readonly #parser: Parser;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** `isDynamic`: the expression found next gives a text that is run. */
  visit(value: unknown, isDynamic: boolean): void {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item, isDynamic);
      return;
    }
    // What a field holds follows from its name: src/pl/plpgsql/src/plpgsql.h.
    for (const [key, inner] of Object.entries(value as Readonly<Record<string, unknown>>)) {
      if (key === 'PLpgSQL_expr') this.#expression(inner as Expression, isDynamic);
      else if (key === 'PLpgSQL_type') this.types.add((inner as VariableType).typname ?? '');
      else if (RUNS_TEXT.has(key)) this.#dynamic(inner as { readonly query?: unknown });
      else this.visit(inner, key === 'dynquery');
      if (key === 'exceptions') this.hasHandler = true;
    }
  }

  #dynamic({ query, ...rest }: { readonly query?: unknown }): void {
    this.visit(query, true);
    this.visit(rest, false);
  }

  #expression({ query = '', parseMode = STATEMENT }: Expression, isDynamic: boolean): void {
    const nodes = this.#parse(textOf(query, parseMode));
    if (nodes === undefined) {
      this.unknown.push(`“${query.slice(0, 40)}”, which cannot be parsed,`);
      return;
    }
    if (isDynamic) this.#runText(nodes);
    this.nodes.push(...nodes);
  }

  /** EXECUTE of a constant is as good as the statement itself. */
  #runText(nodes: readonly Node[]): void {
    const [node] = nodes;
    const [target] =
      (node !== undefined && 'SelectStmt' in node ? node.SelectStmt.targetList : undefined) ?? [];
    const text = target !== undefined && 'ResTarget' in target ? constantOf(target.ResTarget.val) : undefined;
    const run = text === undefined ? undefined : this.#parse(text);
    if (run === undefined) this.unknown.push('dynamic SQL');
    else this.nodes.push(...run);
  }

  #parse(text: string): readonly Node[] | undefined {
    const parsed = this.#parser.parse(text);
    return parsed.kind === 'parsed' ? parsed.nodes : undefined;
  }
}

interface VariableType {
  readonly typname?: string;
}

interface Expression {
  readonly query?: string;
  readonly parseMode?: number;
}

/** Assignments (`x := a`, `x[i] = a`) are looked at as the expression behind the sign, and the subscripts before it. */
function textOf(query: string, mode: number): string {
  if (mode === STATEMENT) return query;
  const sign = mode === EXPRESSION ? null : /:=|=/.exec(query);
  if (sign === null) return `SELECT ${query}`;
  const target = query.slice(0, sign.index);
  const value = query.slice(sign.index + sign[0].length);
  return target.includes('[') ? `SELECT ${target}, ${value}` : `SELECT ${value}`;
}

/** Statements whose query is an expression that gives the text to run. */
const RUNS_TEXT: ReadonlySet<string> = new Set(['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors']);

/** All words of a text that could be names of types, also with the schema in front of them. */
function namesIn(text: string): readonly Name[] {
  const words = new Set(text.toLowerCase().match(/[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/g) ?? []);
  const names = new Map<string, Name>();
  for (const [chain] of text.matchAll(CHAIN)) {
    const parts = [...chain.matchAll(WORD)].map(([part]) => parseName(part)?.name ?? '');
    for (const [at, name] of parts.entries()) {
      words.add(name);
      const schema = parts[at - 1];
      if (schema !== undefined) names.set(`${schema}.${name}`, { schema, name });
    }
  }
  return [...[...words].map((name): Name => ({ name })), ...names.values()];
}

const WORD = /(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)/g;
/** Names with dots between them, and quoted ones. */
const CHAIN = new RegExp(`${WORD.source}(?:\\s*\\.\\s*${WORD.source})+|"(?:[^"]|"")+"`, 'g');
