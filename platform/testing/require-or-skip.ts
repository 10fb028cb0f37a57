/** Tests that need a part which a machine may lack. */
import type { TestContext } from 'vitest';

/**
 * Skips the test, with the reason, when the part is absent; fails instead where OUTCRY_REQUIRE_ALL=1, as the CI sets it, promises that
 * every part is there.
 */
export function requireOrSkip(context: TestContext, present: boolean, reason: string): void {
  if (present) return;
  if (process.env.OUTCRY_REQUIRE_ALL === '1') throw new Error(`a part is absent that must be there: ${reason}`);
  context.skip(reason);
}
