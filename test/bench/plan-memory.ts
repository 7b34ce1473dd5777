import { plan } from '../../src/api/plan.js';
import { loadParser } from '../../src/script/syntax.js';

/*
 * node --expose-gc --import tsx plan-memory.ts FILE
 *
 * Prints how many bytes a plan of this script keeps beside the text of its statements: what is in use after a garbage
 * collection while the plan is held, less what was in use before it was read (the parser loaded, a small plan made), less
 * the characters of the text, one byte each as V8 keeps what is Latin-1. Without a database.
 */
const [path = ''] = process.argv.slice(2);

await loadParser();
await plan({ commands: ['CREATE TABLE warm (id integer); SELECT 1'], order: 'auto' });
const before = inUse();
const planned = await plan({ paths: [path], order: 'auto' });
const after = inUse();
const texts = planned.plan.jobs
  .flatMap(({ steps }) => steps)
  .flatMap(({ statement }) => statement.text)
  .reduce((sum, fragment) => sum + (fragment.kind === 'slot' ? 0 : fragment.text.length), 0);
console.log(after - before - texts);

function inUse(): number {
  if (globalThis.gc === undefined) throw new Error('run node with --expose-gc');
  // Twice: what the first one finds to be finalised goes with the second.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
