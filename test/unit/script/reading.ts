import type { Diagnostic } from '../../../src/model/diagnostic.js';
import type { Place } from '../../../src/model/place.js';
import type { ReadStatement } from '../../../src/script/open-statement.js';
import { renderTemplate } from '../../../src/script/template.js';
import { VariableStore } from '../../../src/script/variable-store.js';
import { ScriptWalk, type ClientCall, type WalkOptions } from '../../../src/script/walk.js';
import type { ScriptMode } from '../../../src/model/script.js';

/** Scripts read from a string, for the tests of what comes before the parser. */

export interface Reading {
  readonly statements: readonly ReadStatement[];
  readonly texts: readonly string[];
  /** What is left to do for whoever reads, in order. */
  readonly calls: readonly ClientCall[];
  /** Of statements and calls, in order. */
  readonly places: readonly Place[];
  readonly faults: readonly Diagnostic[];
  readonly mode: ScriptMode;
  readonly needsRun: boolean;
  readonly variables: VariableStore;
}

export function read(
  script: string | Uint8Array,
  variables: Readonly<Record<string, string>> = {},
  options: Partial<WalkOptions> = {},
): Reading {
  const walk = new ScriptWalk({
    file: { name: 'a.sql', from: { bytes: Buffer.from(script) } },
    variables: new VariableStore(Object.entries(variables)),
    environment: {},
    ...options,
  });
  return readWalk(walk);
}

/** The walk to its end. */
export function readWalk(walk: ScriptWalk): Reading {
  const statements: ReadStatement[] = [];
  const calls: ClientCall[] = [];
  const places: Place[] = [];
  for (let item = walk.next(); item !== undefined; item = walk.next()) {
    places.push(item.place);
    if (item.kind === 'statement') statements.push(item.statement);
    else if (item.kind === 'command') calls.push(item.call);
  }
  const texts = statements.map(({ text }) => renderTemplate(text).text);
  const { mode, needsRun, variables } = walk;
  return { statements, texts, calls, places, faults: walk.diagnostics(), mode, needsRun, variables };
}

/** The texts that are sent. */
export function split(script: string, variables: Readonly<Record<string, string>> = {}): readonly string[] {
  return read(script, variables).texts;
}

/** `line:column message`, one a fault. */
export function brief(faults: readonly Diagnostic[]): readonly string[] {
  return faults.map(({ place, message }) => `${place?.line ?? '-'}:${place?.column ?? '-'} ${message}`);
}
