/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Each item 1 to 5 times, at places at most 100 items from its own. */
export function disorder<T>(items: readonly T[], random: () => number): T[] {
  const copies = items.flatMap((item, index) =>
    Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({ item, place: index + random() * 100 })),
  );
  return copies.sort((one, other) => one.place - other.place).map(({ item }) => item);
}

/** Cuts items into parts of 1 to `lengthMax`. */
export function randomParts<T>(items: readonly T[], lengthMax: number, random: () => number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; ) {
    const length = 1 + Math.floor(random() * lengthMax);
    parts.push(items.slice(start, start + length));
    start += length;
  }
  return parts;
}
