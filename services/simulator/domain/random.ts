/** A seeded source of randomness: the same seed, the same market. */

/** Draws that follow from the seed alone. */
export type Random = {
  /** A whole number from `min` to `max`, both included; at most 2^32 different ones. */
  integer(min: number, max: number): number;
  /** True in `numerator` of `denominator` cases. */
  chance(numerator: number, denominator: number): boolean;
};

/** The mulberry32 generator over a 32-bit seed; good enough for a market of house traders, not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const integer = (min: number, max: number) => min + (next() % (max - min + 1));
  return { integer, chance: (numerator, denominator) => integer(1, denominator) <= numerator };
}

/** A seed of its own for each part, so that parts do not disturb each other's draws (FNV-1a over the name). */
export function seedFor(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}
