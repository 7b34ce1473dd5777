import type { Plan } from '../../model/plan.js';
import { chartOf, type Arrow, type ChartNode } from './chart.js';

/**
 * A plan as a Mermaid flowchart, which many Markdown readers draw. What runs alone is a hexagon, the critical path has
 * thick frames, and an arrow is dotted where a job only waits its turn. Source of the syntax:
 * https://mermaid.js.org/syntax/flowchart.html
 */
export function planMermaid(plan: Plan): string {
  const { nodes, arrows } = chartOf(plan);
  const critical = nodes.filter((node) => node.isCritical).map(({ key }) => key);
  const lines = [
    'flowchart TD',
    ...nodes.map((node) => `  ${nodeText(node)}`),
    ...arrows.map((arrow) => `  ${arrowText(arrow)}`),
    ...(critical.length === 0
      ? []
      : ['  classDef critical stroke-width:3px', `  class ${critical.join(',')} critical`]),
  ];
  return `${lines.join('\n')}\n`;
}

function nodeText({ key, kind, lines }: ChartNode): string {
  switch (kind) {
    case 'job':
      return `${key}[${quoted(lines)}]`;
    case 'barrier':
      return `${key}{{${quoted(lines)}}}`;
    case 'gate':
      return `${key}((" "))`;
  }
}

function arrowText({ from, to, kind, lines }: Arrow): string {
  const line = kind === 'order' ? '-.->' : '-->';
  return `${from} ${line}${lines.length === 0 ? '' : `|${quoted(lines)}|`} ${to}`;
}

/**
 * Whatever could end the text, or mean HTML, Markdown or an entity, is written as the number of its character (`#35;` is
 * Mermaid's own form of that).
 */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) =>
    line
      .replace(/\p{Cc}/gu, ' ')
      .replace(/[^\p{L}\p{N} .,:;()[\]/+=…-]/gu, (text) => `#${text.codePointAt(0) ?? 0};`)
      // Else it is a Markdown list, which a label cannot have.
      .replace(/^(\d+)\.(?= )/, '$1#46;'),
  );
  return `"${escaped.join('<br/>')}"`;
}
