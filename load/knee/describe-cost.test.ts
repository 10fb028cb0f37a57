import { describe, expect, it } from 'vitest';
import { describeCost } from './describe-cost.ts';
import { usedSince } from './resources.ts';

const order = { cpuSeconds: 12, memoryMib: 80, diskBytes: 0, trafficBytes: 4_096_000 };
const postgres = { cpuSeconds: 30, memoryMib: 300, diskBytes: 20_480_000, trafficBytes: 0 };

describe('describeCost', () => {
  it('has each part by what 1,000 commands cost it, the dearest first, and the sum', () => {
    const used = new Map([
      ['order', usedSince({ ...order, cpuSeconds: 2 }, order)],
      ['postgres', postgres],
    ]);
    const lines = describeCost(used, 20_000).split('\n');
    expect(lines.map((line) => line.split(/\s{2,}/))).toEqual([
      ['of 1,000 commands', 'processor', 'memory', 'disk', 'traffic'],
      ['postgres', '1500 ms', '300 MiB', '1000 KiB', '0 KiB'],
      ['order', '500 ms', '80 MiB', '0 KiB', '0 KiB'],
      ['all', '2000 ms', '380 MiB', '1000 KiB', '0 KiB'],
    ]);
  });
});
