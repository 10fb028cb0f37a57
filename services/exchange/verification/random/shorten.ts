/**
 * Shrinks a failing run by removing ever smaller parts of it (delta debugging), until no single item can be removed. Calls `fails` at most
 * `attemptsMax` times.
 */
export function shorten<T>(items: readonly T[], fails: (items: readonly T[]) => boolean, attemptsMax = 5_000): T[] {
  let remaining = [...items];
  let attempts = 0;
  for (let size = Math.ceil(remaining.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    let removed = true;
    while (removed) {
      removed = false;
      for (let at = Math.floor((remaining.length - 1) / size) * size; at >= 0; at -= size) {
        if (attempts++ >= attemptsMax) return remaining;
        const fewer = [...remaining.slice(0, at), ...remaining.slice(at + size)];
        if (!fails(fewer)) continue;
        remaining = fewer;
        removed = true;
      }
    }
  }
  return remaining;
}
