import { pause } from '#platform/time/pause.ts';

/** Resolves to what `look` gives once `holds` is true of it; throws with the last value when that takes over `timeoutMs`. */
export async function eventually<T>(
  look: () => Promise<T>,
  holds: (value: T) => boolean,
  timeoutMs = 8_000,
): Promise<T> {
  const endTimeMs = performance.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > endTimeMs) throw new Error(`did not come to hold: ${JSON.stringify(value, bigints)}`);
    await pause(20);
  }
}

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
