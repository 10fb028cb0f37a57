import { describe, expect, it } from 'vitest';
import { createRestartPolicy, standardRestartLimits } from './restart-policy.ts';

describe('createRestartPolicy', () => {
  it('waits longer after each end, up to the greatest delay, and never gives up', () => {
    const policy = createRestartPolicy(standardRestartLimits);
    const delays = Array.from({ length: 2_000 }, () => policy.onEnd().delayMs);
    expect(delays.slice(0, 10)).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000]);
    expect(new Set(delays.slice(9))).toEqual(new Set([30_000]));
  });

  it('calls a process failing from its third end in a row', () => {
    const policy = createRestartPolicy(standardRestartLimits);
    const decisions = [policy.onEnd(), policy.onEnd(), policy.onEnd(), policy.onEnd()];
    expect(decisions.map(({ isFailing }) => isFailing)).toEqual([false, false, true, true]);
    expect(decisions.map(({ endCount }) => endCount)).toEqual([1, 2, 3, 4]);
  });

  it('begins anew once the process was stable', () => {
    const policy = createRestartPolicy(standardRestartLimits);
    for (let end = 0; end < 5; end++) policy.onEnd();
    policy.onStable();
    expect(policy.onEnd()).toEqual({ endCount: 1, delayMs: 100, isFailing: false });
  });
});
