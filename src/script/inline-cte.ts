import type { Parser } from './syntax.js';
import { firstFitting, sameTree } from './same-tree.js';
import { objectsOf } from './tree.js';

/**
 * The same statement with all its CTEs AS NOT MATERIALIZED, so that the planner may merge them into the query that reads
 * them; undefined when it has none, or the text is too tangled to say it in. It is right when nothing else in the tree
 * has changed.
 */
export function withInlinedCtes(text: string, parser: Parser): string | undefined {
  const parsed = parser.parse(text);
  const [node] = parsed.kind === 'parsed' ? parsed.nodes : [];
  if (node === undefined || !hasCte(node)) return undefined;
  const inlined = text.replace(CTE_BEGIN, 'AS NOT MATERIALIZED ');
  const wanted = apartFromMaterialized(node);
  return firstFitting(parser, [inlined], (found) => sameTree(apartFromMaterialized(found), wanted));
}

const CTE_BEGIN = /\bas\s*(?:(?:not\s+)?materialized\s*)?(?=\()/gi;

function hasCte(tree: unknown): boolean {
  for (const object of objectsOf(tree)) if ('ctequery' in object) return true;
  return false;
}

function apartFromMaterialized(tree: unknown): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => (key === 'ctematerialized' ? undefined : value)),
  );
}
