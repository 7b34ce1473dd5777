/**
 * A statement as psql sends it, with the `;` that ends it: current_query() tells, and triggers keep it (src/fe_utils/psqlscan.l
 * leaves it in the query buffer).
 */
export function sentText(text: string, terminated: boolean): string {
  return terminated ? `${text};` : text;
}
