import type { Parser } from '../../script/syntax.js';
import type { Routine } from '../catalog/objects.js';
import { readPlpgsql } from './plpgsql.js';
import { mentionsOfCode, type Code } from './code.js';

/**
 * Bodies of functions that are strings, read: what they name, whatever the search_path. Each is read once.
 */
export class RoutineTexts {
  readonly #parser: Parser;
  readonly #bodies = new Map<string, Code>();

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  bodyOf({ language, source, definition }: Routine): Code {
    const text = definition ?? source;
    const key = `${language} ${text}`;
    const known = this.#bodies.get(key);
    if (known !== undefined) return known;
    const code = language === 'plpgsql' ? readPlpgsql(text, source, this.#parser) : this.#readSql(source);
    this.#bodies.set(key, code);
    return code;
  }

  /** A DO block. */
  blockOf(statement: string, source: string): Code {
    return readPlpgsql(statement, source, this.#parser);
  }

  #readSql(source: string): Code {
    const parsed = this.#parser.parse(source);
    if (parsed.kind === 'parsed') return mentionsOfCode(parsed.nodes, { hasHandler: false });
    return mentionsOfCode([], { hasHandler: false, unknown: ['a body that cannot be parsed'] });
  }
}
