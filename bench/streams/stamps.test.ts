import { describe, expect, it } from 'vitest';
import { createStampReader, stampNow } from './stamps.ts';

describe('createStampReader', () => {
  it('counts the stamps of a chunk, measures every second one, and leaves out one that is cut', () => {
    const ages: number[] = [];
    const read = createStampReader(2, (ageMs) => ages.push(ageMs));
    const stamp = stampNow();
    expect(read(Buffer.from(`x${stamp}y${stamp}${stamp}z@@12`))).toBe(3);
    expect(ages).toHaveLength(1);
    expect(ages[0]).toBeGreaterThanOrEqual(0);
    expect(read(Buffer.from(stamp))).toBe(1);
    expect(ages).toHaveLength(2);
  });
});
