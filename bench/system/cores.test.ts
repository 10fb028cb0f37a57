import { describe, expect, it } from 'vitest';
import { parseBusySeconds } from './cores.ts';

describe('parseBusySeconds', () => {
  it('counts work and interrupts, and neither idling, nor waiting for a disk, nor what the host took', () => {
    expect(parseBusySeconds('cpu  100 20 30 4000 500 6 7 80 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n')).toBeCloseTo(1.63);
  });
});
