/** Of this run; set FAULT_SEED to see a failure again. */
export const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function createRandom(state = seed): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
