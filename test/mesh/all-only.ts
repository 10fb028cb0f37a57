/** Tests that take minutes run with `npm run test:mesh -- --all` only. */
import type { TestContext } from 'vitest';

/** Skips the test unless all were asked for. */
export function onlyWithAll(context: TestContext): void {
  if (process.env.OUTCRY_MESH_ALL !== '1') context.skip('takes minutes: npm run test:mesh -- --all');
}
