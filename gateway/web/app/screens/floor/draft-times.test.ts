import { describe, expect, it } from 'vitest';
import { timeOf, timesFor } from './draft-times.ts';
import { draftTypes } from './draft-types.ts';

describe('timeOf', () => {
  it('falls back to what goes with the type', () => {
    for (const type of draftTypes) expect(timesFor(type)).toContain(timeOf({ type, timeInForce: 'FOK' }));
    expect(timeOf({ type: 'stop', timeInForce: 'FOK' })).toBe('GTC');
    expect(timeOf({ type: 'market', timeInForce: 'GTC' })).toBe('IOC');
  });
});
