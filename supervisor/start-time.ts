/**
 * When the start began, by performance.now(). The first stage (scripts/bootstrap.mjs) passes on when it had installed everything: the time since then
 * counts as start time.
 */
export function beginOf(env: NodeJS.ProcessEnv): number {
  const startTimeMs = Number(env.OUTCRY_START_TIME_MS);
  return startTimeMs > 0 ? startTimeMs - performance.timeOrigin : performance.now();
}
