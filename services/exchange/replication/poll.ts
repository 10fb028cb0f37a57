import { pause } from '#platform/time/pause.ts';

/**
 * Calls `check` every `intervalMs` until it returns a value, and resolves to that value; to undefined once the signal aborts. Rejects
 * when `check` throws or rejects.
 */
export async function pollUntil<T>(
  check: () => T | undefined | Promise<T | undefined>,
  { intervalMs, signal }: { intervalMs: number; signal: AbortSignal },
): Promise<T | undefined> {
  while (!signal.aborted) {
    const value = await check();
    if (value !== undefined) return value;
    await pause(intervalMs, signal);
  }
  return undefined;
}
