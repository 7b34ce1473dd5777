import type { Node } from 'libpg-query';
import { callLightly, makeLightly } from './parser-flags.js';

/**
 * PostgreSQL's own parser (libpg-query: PostgreSQL 18's grammar as WebAssembly), which knows the words of SQL, but no
 * catalog: it tells whether a text is SQL, and how it is built.
 *
 * It reads strings as the server does with standard_conforming_strings on.
 */
export interface Parser {
  /** `position` counts characters from 1, as PostgreSQL's error positions do. */
  readonly parse: (text: string) => Parsed;
  /** The tree of a CREATE FUNCTION or DO in PL/pgSQL, as plain JSON; undefined: it cannot be parsed. */
  readonly parsePlpgsql: (text: string) => unknown;
}

/**
 * `parsed`: the statements of the text, none when it has only comments, with the text's shape where it
 * has been seen before (shapes.ts): texts with the same shape have the same tree; `wrong`: the server would refuse it;
 * `unknown`: the parser itself could not cope (a text nested too deeply for it), which says nothing about the text.
 */
export type Parsed =
  | {
      readonly kind: 'parsed';
      readonly nodes: readonly Node[];
      readonly shape?: string;
      readonly form?: TreeForm;
    }
  | { readonly kind: 'wrong'; readonly message: string; readonly position: number }
  | { readonly kind: 'unknown' };

/** What statements have in common that differ in names and values alone (forms.ts); one object for all of them. */
export interface TreeForm {
  /** What follows from the form alone; undefined: `work` has looked at a name, a value or a place in the text. */
  know<Known>(work: (nodes: readonly Node[]) => Known): Known | undefined;
}

let loading: Promise<Parser> | undefined;

/** Loads the parser when it is needed first (about 40 ms). */
export function loadParser(): Promise<Parser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Parser> {
  const { hasSqlDetails, loadModule, parsePlPgSQLSync, parseSync } = await import('libpg-query');
  await makeLightly(loadModule);
  return {
    parse: (text) => {
      if (text === '') return { kind: 'parsed', nodes: [] };
      try {
        const nodes: Node[] = [];
        for (const { stmt } of callLightly(() => parseSync(text)).stmts ?? [])
          if (stmt !== undefined) nodes.push(stmt);
        return { kind: 'parsed', nodes };
      } catch (error) {
        const details = hasSqlDetails(error) ? error.sqlDetails : undefined;
        if (details === undefined) return { kind: 'unknown' };
        const { message, cursorPosition } = details;
        return { kind: 'wrong', message: shorten(message), position: cursorPosition + 1 };
      }
    },
    parsePlpgsql: (text) => {
      try {
        return callLightly(() => parsePlPgSQLSync(text));
      } catch {
        return undefined;
      }
    },
  };
}

const LONGEST_TOKEN = 60;

/** `… at or near "…"` quotes the rest of the script when a quote is not closed: its beginning is enough. */
function shorten(message: string): string {
  const start = message.indexOf(' at or near "');
  if (start < 0) return message;
  const tokenStart = start + ' at or near "'.length;
  const token = message.slice(tokenStart, -1);
  const [line = ''] = token.split('\n', 1);
  const short = Array.from(line).slice(0, LONGEST_TOKEN).join('').replace(/\r$/, '');
  return short === token ? message : `${message.slice(0, tokenStart)}${short}…"`;
}
