import type { Plan } from '../../model/plan.js';
import { planDot } from './dot.js';
import type { PlanFormat } from './formats.js';
import { planJson } from './json.js';
import { planMermaid } from './mermaid.js';
import { planText } from './text.js';

/** A plan in one of the forms that `pqrun plan` has, in parts. */
export function* printPlan(plan: Plan, { format, connections, lacksDatabase }: PlanPrint): Generator<string> {
  switch (format) {
    case 'text':
      yield* planText(plan, connections);
      if (lacksDatabase) yield `${WITHOUT_DATABASE}\n`;
      return;
    case 'json':
      yield planJson(plan, lacksDatabase ? WITHOUT_DATABASE : undefined);
      return;
    case 'dot':
      yield planDot(plan);
      return;
    case 'mermaid':
      yield planMermaid(plan);
  }
}

export interface PlanPrint {
  readonly format: PlanFormat;
  readonly connections: number;
  /** It was made without looking at a database that it needs. */
  readonly lacksDatabase: boolean;
}

const WITHOUT_DATABASE =
  'without a database: tables and functions that these scripts do not create are unknown, and what uses them runs alone; name it with -d to plan against it';
