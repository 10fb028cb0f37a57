/**
 * The shortest run that still fails, by leaving out ever smaller parts of it (delta debugging): afterwards no single item can be
 * left out. `fails` is asked at most `attemptsMax` times.
 */
export function shorten<T>(items: readonly T[], fails: (items: readonly T[]) => boolean, attemptsMax = 5_000): T[] {
  let kept = [...items];
  let attempts = 0;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    let removed = true;
    while (removed) {
      removed = false;
      for (let at = Math.floor((kept.length - 1) / size) * size; at >= 0; at -= size) {
        if (attempts++ >= attemptsMax) return kept;
        const fewer = [...kept.slice(0, at), ...kept.slice(at + size)];
        if (!fails(fewer)) continue;
        kept = fewer;
        removed = true;
      }
    }
  }
  return kept;
}
