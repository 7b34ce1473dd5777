import type { Plan } from '../../model/plan.js';
import { chartOf, type Arrow, type ChartNode } from './chart.js';

/**
 * A plan for Graphviz (`dot -Tsvg`). What runs alone is an octagon, the critical path is drawn bold, and an arrow is dashed
 * where a job only waits its turn. Source of the syntax: https://graphviz.org/doc/info/lang.html
 */
export function planDot(plan: Plan): string {
  const { nodes, arrows } = chartOf(plan);
  const critical = new Set(nodes.filter((node) => node.isCritical).map(({ key }) => key));
  const lines = [
    'digraph plan {',
    '  node [shape=box];',
    ...nodes.map((node) => `  ${nodeText(node)}`),
    ...arrows.map((arrow) => `  ${arrowText(arrow, critical.has(arrow.from) && critical.has(arrow.to))}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function nodeText({ key, kind, lines, isCritical }: ChartNode): string {
  if (kind === 'gate') return `${key} [shape=point];`;
  const shape = kind === 'barrier' ? ', shape=octagon' : '';
  return `${key} [label=${quoted(lines)}${shape}${isCritical ? ', style=bold' : ''}];`;
}

function arrowText({ from, to, kind, lines }: Arrow, isCritical: boolean): string {
  const styles = [...(kind === 'order' ? ['dashed'] : []), ...(isCritical ? ['bold'] : [])];
  const attributes = [
    ...(lines.length === 0 ? [] : [`label=${quoted(lines)}`]),
    ...(styles.length === 0 ? [] : [`style="${styles.join(',')}"`]),
  ];
  return `${from} -> ${to}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`;
}

/** A label: backslashes begin escapes in it, ampersands HTML's entities; control characters are of no use. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"')
      .replaceAll('&', '&amp;')
      .replace(/\p{Cc}/gu, ' '),
  );
  return `"${escaped.join('\\n')}"`;
}
