import { unavailable } from '#platform/errors/outcry-error.ts';
import type { MarketDeps } from '../deps.ts';

/** Throws UNAVAILABLE until the books have been seen once: an empty quote would be taken for an empty book. */
export function requireBuilt({ isBuilt }: MarketDeps): void {
  if (!isBuilt()) throw unavailable();
}
