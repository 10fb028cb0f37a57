import { describe, expect, it } from 'vitest';
import { type Tick, tickAfter } from './tick.ts';

const none: Tick = { value: undefined, atMs: 0, count: 0, way: '' };

describe('tickAfter', () => {
  it('does not mark the first price, and marks the next with its way', () => {
    const first = tickAfter(none, '10.00', 1_000);
    expect(first.count).toBe(0);
    expect(tickAfter(first, '10.01', 2_000)).toMatchObject({ count: 1, way: 'tick-up' });
    expect(tickAfter(first, '9.99', 2_000)).toMatchObject({ count: 1, way: 'tick-down' });
  });

  it('marks two changes a second at most, and none where nothing changed', () => {
    const marked = tickAfter(tickAfter(none, '10.00', 1_000), '10.01', 2_000);
    expect(tickAfter(marked, '10.02', 2_499)).toEqual({ ...marked, value: '10.02' });
    expect(tickAfter(marked, '10.02', 2_500).count).toBe(2);
    expect(tickAfter(marked, '10.01', 9_000)).toBe(marked);
    expect(tickAfter(marked, '', 9_000).count).toBe(1);
  });
});
