/** Repeats the check until it passes, for 5 s at most; then its error is thrown. */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  const endTimeMs = performance.now() + 5_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > endTimeMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
