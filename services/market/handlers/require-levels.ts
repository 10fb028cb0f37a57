import { requireCount } from '../requests.ts';

/** Levels a side, 1 to 100; 0 means 10. Throws INVALID_FIELD. */
export function requireLevels(levels: number): number {
  return requireCount('levels', levels, { fallback: 10, max: 100 });
}
