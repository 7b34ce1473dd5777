import type { StatementFacts } from '../model/script.js';

/**
 * Whether a failed statement may leave something behind: the server keeps it out of transaction blocks, it is one of several
 * in its message, or code in it may commit. A COMMIT or ROLLBACK inside a procedure is refused where the caller is in a block,
 * so a CALL there does no more than this says.
 */
export function commitsWithin({ node, count, alone, control }: StatementFacts, text: string): boolean {
  if (count !== 1 || alone || node === 'CallStmt') return true;
  if (node === 'DoStmt') return COMMITS.test(text);
  return control !== 'none' && /\bchain\b/i.test(text);
}

/** Of a DO block: it commits, calls what may commit, or runs texts that nobody knows. */
const COMMITS = /\b(?:commit|rollback|call|execute)\b/i;
