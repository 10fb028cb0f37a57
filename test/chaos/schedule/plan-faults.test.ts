import { describe, expect, it } from 'vitest';
import type { Victims } from './faults.ts';
import { countFaults, planFaults } from './plan-faults.ts';

const victims: Victims = {
  processes: ['order-0', 'order-1', 'exchange-0', 'exchange-1'],
  servers: ['postgres'],
  links: ['order>exchange', 'order>database'],
  disk: true,
  bus: true,
};
const options = { seed: 7, kills: 40, durationMs: 60_000, victims };

describe('planFaults', () => {
  it('plans the same faults for the same seed, and others for another', () => {
    expect(planFaults(options)).toEqual(planFaults(options));
    expect(planFaults({ ...options, seed: 8 })).not.toEqual(planFaults(options));
  });

  it('kills and freezes every process evenly, and servers of others at least five times', () => {
    const counts = countFaults(planFaults(options));
    for (const victim of victims.processes) {
      expect(counts.get(`${victim} kill`)).toBe(10);
      expect(counts.get(`${victim} freeze`)).toBe(10);
    }
    expect(counts.get('postgres kill')).toBe(5);
    expect(counts.get('postgres freeze')).toBe(5);
  });

  it('deals all kills to a server that is the only victim', () => {
    const only = { processes: [], servers: ['postgres'], links: [], disk: false, bus: false };
    expect(countFaults(planFaults({ ...options, kills: 24, victims: only })).get('postgres kill')).toBe(24);
  });

  it('orders them by time, all within the duration', () => {
    const times = planFaults(options).map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...times)).toBeLessThan(options.durationMs);
  });

  it('has every kind of fault, and turns only the clocks of exchanges by more than a day', () => {
    const faults = planFaults(options);
    expect(new Set(faults.map(({ kind }) => kind)).size).toBe(10);
    const far = faults.filter(({ kind, amountMs }) => kind === 'clock' && Math.abs(amountMs) > 86_400_000);
    expect(far.map(({ victim }) => victim.replace(/-\d$/, '')).filter((name) => name !== 'exchange')).toEqual([]);
  });

  it('plans nothing for what is not there', () => {
    const nothing = { processes: [], servers: [], links: [], disk: false, bus: false };
    expect(planFaults({ ...options, victims: nothing })).toEqual([]);
  });
});
