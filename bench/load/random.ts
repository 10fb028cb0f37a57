/** A repeatable source of random numbers. */
export type Random = {
  /** From 0 up to, and not including, 1. */
  next(): number;
  /** A whole number from 0 to `count` - 1. */
  below(count: number): number;
};

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state are enough to generate a load, at negligible cost. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, below: (count) => Math.floor(next() * count) };
}
