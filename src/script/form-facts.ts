import type { Node } from 'libpg-query';
import type { StatementFacts } from '../model/script.js';
import { statementFacts } from './facts.js';
import { SUSPECT } from './session-effect.js';
import type { Parsed, TreeForm } from './syntax.js';

/**
 * The facts of a statement that says nothing else to whoever reads the script, where they follow from its form alone; undefined: its
 * tree has to be looked at. Most statements of a long script have few forms, and their trees are poured once then, when
 * they are planned.
 */
export function factsOfForm(parsed: Parsed, text: string): StatementFacts | undefined {
  if (parsed.kind !== 'parsed' || parsed.form === undefined || SUSPECT.test(text)) return undefined;
  let facts = known.get(parsed.form);
  if (facts === undefined) {
    facts = parsed.form.know(plainFacts) ?? 'no';
    known.set(parsed.form, facts);
  }
  return facts === 'no' ? undefined : facts;
}

const known = new WeakMap<TreeForm, StatementFacts | 'no'>();

function plainFacts(nodes: readonly Node[]): StatementFacts | undefined {
  const [node, second] = nodes;
  if (node === undefined || second !== undefined) return undefined;
  // What follows in the script, and how it is to be read; words that are looked for in the text.
  if ('CopyStmt' in node || 'VariableSetStmt' in node || 'DoStmt' in node) return undefined;
  return statementFacts(nodes, '');
}
