import type { TransactionControl } from '../model/script.js';

/**
 * True for what ends or begins a transaction of its session; savepoints stay inside. COMMIT AND CHAIN, which counts as one
 * of them (facts.ts), ends a transaction all the same.
 */
export function leavesTransaction(control: TransactionControl, text: string): boolean {
  // A savepoint of the name `chain` is taken for it too: that only costs a name.
  return control === 'savepoint' ? /\bchain\b/i.test(text) : control !== 'none';
}
