import { plan } from '../../src/api/plan.js';

/*
 * node --expose-gc --import tsx plan-memory.ts FILE
 *
 * Prints how many bytes a plan of this script keeps beside the text of its statements: what is in use after a garbage
 * collection while the plan is held, less what was in use before it was made, less the characters of the text, one byte
 * each as V8 keeps what is Latin-1. It is made twice: what the first one leaves (the parser, compiled code) is no part of
 * a plan. Without a database.
 */
const [path = ''] = process.argv.slice(2);

await planAndForget();
const before = await inUse();
const planned = await plan({ paths: [path], order: 'auto' });
const after = await inUse();
const texts = planned.plan.jobs
  .flatMap(({ steps }) => steps)
  .flatMap(({ statement }) => statement.text)
  .reduce((sum, fragment) => sum + (fragment.kind === 'slot' ? 0 : fragment.text.length), 0);
console.log(after - before - texts);

async function inUse(): Promise<number> {
  // What the last turn of the event loop still holds is let go.
  await new Promise((resolve) => setTimeout(resolve, 100));
  if (globalThis.gc === undefined) throw new Error('run node with --expose-gc');
  // Twice: what the first one finds to be finalised goes with the second.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function planAndForget(): Promise<void> {
  await plan({ paths: [path], order: 'auto' });
}
