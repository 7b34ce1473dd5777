import { setFlagsFromString } from 'node:v8';

/**
 * V8 compiles WebAssembly twice: at once, and again with more effort what turns out to be hot. For the parser the
 * second compilation takes longer than all of a usual input's parsing, competes with the threads that are starting, and
 * holds up the end of the process (measured with 1 and with 20,000 statements: slower by 70 ms and 140 ms with Node 20; Node 24
 * spends half a gigabyte and a third of a second on a single function). So the first must do. The flags count for modules compiled
 * after they are set; it takes both, because neither implies the other once V8 runs.
 */
export function lightenParser(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}
