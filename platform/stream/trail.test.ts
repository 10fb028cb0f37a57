import { describe, expect, it } from 'vitest';
import { createTrail } from './trail.ts';

describe('createTrail', () => {
  it('has all trades after a sequence, or says that some are gone', () => {
    const trail = createTrail<{ sequence: bigint }>(10n, 4);
    expect(trail.after(9n)).toBeUndefined();
    expect(trail.after(10n)).toEqual([]);
    for (const sequence of [12n, 13n, 17n, 20n]) trail.add({ sequence });
    expect(trail.after(13n)?.map(({ sequence }) => sequence)).toEqual([17n, 20n]);
    trail.add({ sequence: 21n });
    expect(trail.fromSequence).toBe(13n);
    expect(trail.after(12n)).toBeUndefined();
    expect(trail.after(13n)).toHaveLength(3);
    expect(trail.after(21n)).toEqual([]);
    trail.prepend([{ sequence: 11n }, { sequence: 12n }, { sequence: 13n }, { sequence: 17n }], 10n);
    expect(trail.after(12n)?.map(({ sequence }) => sequence)).toEqual([13n, 17n, 20n, 21n]);
    expect(trail.after(11n)).toBeUndefined();
  });
});
