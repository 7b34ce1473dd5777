/** The forms that `pqrun plan` prints a plan in. */
export const PLAN_FORMATS = ['text', 'json', 'dot', 'mermaid'] as const;
export type PlanFormat = (typeof PLAN_FORMATS)[number];
