/**
 * Priorities by chance, the same for the same seed: the run then takes any of its ready jobs, and a missing edge shows
 * up in one of some runs. Between 0 and 1, one a job.
 */
export function shuffledPriorities(count: number, seed: number): Float64Array {
  const next = mulberry32(seed);
  return Float64Array.from({ length: count }, next);
}

/** Tommy Ettinger's generator: 32 bits of state are plenty for an order, and it is the same on every machine. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
