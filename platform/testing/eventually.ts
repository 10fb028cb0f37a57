import { pause } from '#platform/time/pause.ts';

/** Repeats the check until it passes, for 8 s at most; then its error is thrown. */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  const endTimeMs = performance.now() + 8_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > endTimeMs) throw error;
      await pause(25);
    }
  }
}
