import { setFlagsFromString } from 'node:v8';

/**
 * V8 compiles WebAssembly twice: at once, and again with more effort what turns out to be hot. For the parser the
 * second compilation takes longer than all of a usual input's parsing, competes with the threads that are starting, and
 * holds up the end of the process (measured with 1 and with 20,000 statements: slower by 70 ms and 140 ms with Node 20; Node 24
 * spends half a gigabyte and a third of a second on a single function). So the first must do.
 *
 * Two flags say so. One counts when a module is made, the other whenever a function of it is called for the first time; in Node 24
 * both count then (with only the other one set, its parser takes two seconds for one statement). They are the whole process's, and
 * part of what kind of V8 it is: as long as one is not as it was when Node was built, all that Node and pqrun have compiled ahead
 * is compiled anew (a thread then takes 35 ms longer to start). So they are set only while somebody makes the module, or calls
 * it, which costs microseconds.
 */
export async function makeLightly<Result>(make: () => Promise<Result>): Promise<Result> {
  set(ONCE);
  return make().finally(() => set(TWICE));
}

/** Calls a module that was made so. */
export function callLightly<Result>(call: () => Result): Result {
  set(ONCE);
  try {
    return call();
  } finally {
    set(TWICE);
  }
}

/** How often V8 may compile a function. */
const ONCE = ['--no-wasm-dynamic-tiering', '--no-wasm-tier-up'];
const TWICE = ['--wasm-dynamic-tiering', '--wasm-tier-up'];

function set(flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(flag);
}
