import type { Diagnostic } from '../../../src/model/diagnostic.js';
import { DirectiveReader } from '../../../src/script/directives.js';
import { Faults } from '../../../src/script/faults.js';
import { ScriptReader, type ReadStatement } from '../../../src/script/reader.js';
import { renderTemplate } from '../../../src/script/template.js';
import type { ScriptMode } from '../../../src/model/script.js';

/** Scripts read from a string, for the tests of what comes before the parser. */

export interface Reading {
  readonly statements: readonly ReadStatement[];
  readonly texts: readonly string[];
  readonly faults: readonly Diagnostic[];
  readonly mode: ScriptMode;
}

export function read(script: string, variables: Readonly<Record<string, string>> = {}): Reading {
  const bytes = Buffer.from(script);
  const faults = new Faults('a.sql', bytes);
  const values = new Map(Object.entries(variables));
  const directives = new DirectiveReader({ file: 'a.sql', variables: values, faults });
  const reader = new ScriptReader({ bytes, variables: values, directives, faults });
  const statements: ReadStatement[] = [];
  for (let next = reader.next(); next !== undefined; next = reader.next()) statements.push(next);
  const texts = statements.map(({ text }) => renderTemplate(text).text);
  return { statements, texts, faults: faults.list(), mode: directives.mode };
}

/** The texts that are sent. */
export function split(script: string, variables: Readonly<Record<string, string>> = {}): readonly string[] {
  return read(script, variables).texts;
}

/** `line:column message`, one a fault. */
export function brief(faults: readonly Diagnostic[]): readonly string[] {
  return faults.map(({ place, message }) => `${place?.line ?? '-'}:${place?.column ?? '-'} ${message}`);
}
