import { pause } from '#platform/time/pause.ts';

const pauseMinMs = 25;
const pauseMaxMs = 200;

/**
 * Repeats the check until it passes and returns its result. Once `timeoutMs` have passed, the error of the last check is thrown. The
 * pause between two checks grows from 25 ms to 200 ms, as some checks start a process.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 15_000 }: { timeoutMs?: number } = {},
): Promise<T> {
  const endTimeMs = performance.now() + timeoutMs;
  for (let pauseMs = pauseMinMs; ; pauseMs = Math.min(2 * pauseMs, pauseMaxMs)) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > endTimeMs) throw error;
      await pause(pauseMs);
    }
  }
}
