import { readCount } from '#platform/validation/request-fields.ts';

/** Levels a side, 1 to 100; 0 means 10. Throws INVALID_FIELD. */
export function requireLevels(levels: number): number {
  return readCount('levels', levels, { fallback: 10, max: 100 });
}
