import type { Plan } from '../../model/plan.js';
import { planDot } from './dot.js';
import type { PlanFormat } from './formats.js';
import { planJson } from './json.js';
import { planMermaid } from './mermaid.js';
import { planText } from './text.js';

/** A plan in one of the forms that `pqrun plan` has. */
export function printPlan(
  plan: Plan,
  { format, connections }: { readonly format: PlanFormat; readonly connections: number },
): string {
  switch (format) {
    case 'text':
      return planText(plan, connections);
    case 'json':
      return planJson(plan);
    case 'dot':
      return planDot(plan);
    case 'mermaid':
      return planMermaid(plan);
  }
}
