import type { Diagnostic } from '../model/diagnostic.js';
import type { Label, PlanGraph } from './plan-graph.js';

/**
 * Order made by hand: `label=L`, `after=L` and `barrier`.
 *
 * `after=L` makes `needs` edges from every job of the statement labelled L (all pieces, when it is a split).
 * A barrier runs alone: all jobs written before it are finished, none written after it has begun.
 */
export function addLabelEdges(graph: PlanGraph): readonly Diagnostic[] {
  const labelled = new Map<string, { readonly label: Label; readonly jobs: readonly number[] }>();
  const diagnostics: Diagnostic[] = [];
  for (const mark of graph.marks) {
    for (const label of mark.labels) {
      const first = labelled.get(label.name);
      if (first === undefined) labelled.set(label.name, { label, jobs: mark.jobs });
      else diagnostics.push(duplicateLabel(label, first.label));
    }
  }
  for (const mark of graph.marks) {
    for (const { label, place } of mark.after) {
      const target = labelled.get(label);
      if (target === undefined) {
        const known = [...labelled.keys()].join(', ');
        const hint = known === '' ? 'no statement has a label' : `known labels: ${known}`;
        diagnostics.push({
          severity: 'error',
          message: `no statement has the label “${label}”`,
          place,
          hint,
        });
        continue;
      }
      for (const from of target.jobs) {
        for (const to of mark.jobs) graph.connect({ from, to, kind: 'needs', reason: `after=${label}` });
      }
    }
  }
  return diagnostics;
}

function duplicateLabel(label: Label, first: Label): Diagnostic {
  return {
    severity: 'error',
    message: `the label “${label.name}” is used twice`,
    place: label.place,
    hint: `it is first used at ${first.place.file}:${first.place.line}`,
  };
}

/** Relies on job ids being in the written order. */
export function addBarriers(graph: PlanGraph): void {
  const barriers = graph.marks.filter((mark) => mark.barrier).flatMap((mark) => mark.jobs);
  const bounds = [...barriers].sort((a, b) => a - b);
  bounds.forEach((barrier, index) => {
    const from = bounds[index - 1] ?? 0;
    const to = bounds[index + 1] ?? graph.jobs.length - 1;
    for (let job = from; job < barrier; job++) {
      graph.connect({ from: job, to: barrier, kind: 'order', reason: 'barrier' });
    }
    for (let job = barrier + 1; job <= to; job++) {
      if (job !== bounds[index + 1])
        graph.connect({ from: barrier, to: job, kind: 'order', reason: 'barrier' });
    }
  });
}
