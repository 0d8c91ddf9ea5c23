/** Seeded, so that a simulation is the same each time (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function exponential(mean: number, random: () => number): number {
  return -mean * Math.log(1 - random());
}

export type WorkLaw = (random: () => number) => number;

export const always =
  (ms: number): WorkLaw =>
  () =>
    ms;

export const exponentially =
  (ms: number): WorkLaw =>
  (random) =>
    exponential(ms, random);

/** One of two. @param share of the second */
export const bimodally =
  (ms: number, otherMs: number, share: number): WorkLaw =>
  (random) =>
    random() < share ? otherMs : ms;
