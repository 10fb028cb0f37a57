import { describe, expect, it } from 'vitest';
import type { Tally } from './tallies.ts';
import { decide, type Evidence, failedCalls, isWorse, type StepRules } from './verdict.ts';

const fault = (bad: number, calls: number): Tally => ({ calls, bad, kind: 'fault' });
const refusal = (bad: number, calls: number): Tally => ({ calls, bad, kind: 'refusal' });
const slow = (bad: number, calls: number): Tally => ({ calls, bad, kind: 'slow' });

describe('isWorse', () => {
  it.each<[string, Tally, Tally | undefined, boolean]>([
    ['a method that always fails', fault(10, 10), fault(0, 500), true],
    ['a method that fails at one call of ten', fault(20, 200), fault(0, 1_800), true],
    ['few failures of many calls', fault(3, 2_000), fault(20, 18_000), false],
    ['two failures, which may be chance', fault(2, 2), fault(0, 500), false],
    ['the same trouble at both', fault(50, 100), fault(450, 900), false],
    ['a fault of an RPC that the stable version was not called for', fault(5, 5), undefined, true],
    ['a refusal of an RPC that the stable version was not called for', refusal(5, 5), undefined, false],
    ['refusals as often as at the stable version', refusal(30, 100), refusal(260, 900), false],
    ['refusals of nearly everything', refusal(95, 100), refusal(200, 900), true],
    ['somewhat more refusals than at the stable version', refusal(8, 100), refusal(40, 900), false],
    ['slow calls of a process that has just started', slow(15, 40), slow(9, 900), false],
    ['slow calls that go on', slow(150, 400), slow(9, 900), true],
    ['nothing bad', fault(0, 0), fault(0, 0), false],
  ])('%s', (_, canary, stable, worse) => {
    expect(isWorse(canary, stable)).toBe(worse);
  });
});

const rules: StepRules = { holdMs: 30_000, callsMin: 50, undecidedMsMax: 300_000, needsAudit: false };
const good: Evidence = {
  canary: new Map([['A ended INTERNAL', fault(0, 100)]]),
  stable: new Map([['A ended INTERNAL', fault(0, 900)]]),
  stableBefore: new Map(),
  callsOfStep: 100,
  elapsedMs: 30_000,
  restarts: 0,
  memoryBytes: { canary: 90e6, stable: 200e6 },
  lagSeconds: { canary: 0.25, stable: 0.25 },
  newFindings: 0,
  isAudited: false,
};

describe('decide', () => {
  it('passes a step that has had its time and its calls', () => {
    expect(decide(good, rules)).toEqual({ type: 'pass' });
  });

  it('fails a version that uses far more memory than the stable one has after its whole life', () => {
    const using = (canary: number, stable: number) => decide({ ...good, memoryBytes: { canary, stable } }, rules);
    expect(using(330e6, 200e6)).toEqual({ type: 'pass' });
    expect(using(340e6, 200e6)).toEqual({
      type: 'fail',
      reasons: ['it uses 324 MiB of memory, the stable version 191 MiB'],
    });
    expect(using(340e6, 0)).toEqual({ type: 'pass' });
  });

  it('fails a version whose event loop is far later than that of the stable one', () => {
    const late = (canary: number, stable: number) => decide({ ...good, lagSeconds: { canary, stable } }, rules);
    expect(late(0.49, 0.25)).toEqual({ type: 'pass' });
    expect(late(0.9, 0.7)).toEqual({ type: 'pass' });
    const starting = { ...good, elapsedMs: 14_999, lagSeconds: { canary: 2, stable: 0.25 } };
    expect(decide(starting, rules)).toEqual({ type: 'wait' });
    expect(late(0.75, 0.25)).toEqual({
      type: 'fail',
      reasons: ['its event loop is 0.75 s late, that of the stable version 0.25 s'],
    });
  });

  it('waits for the time, for calls and for the audit, and fails when they do not come', () => {
    expect(decide({ ...good, elapsedMs: 29_999 }, rules)).toEqual({ type: 'wait' });
    expect(decide({ ...good, callsOfStep: 49 }, rules)).toEqual({ type: 'wait' });
    const audited = { ...rules, needsAudit: true };
    expect(decide(good, audited)).toEqual({ type: 'wait' });
    expect(decide({ ...good, isAudited: true }, audited)).toEqual({ type: 'pass' });
    expect(decide({ ...good, callsOfStep: 7, elapsedMs: 300_000 }, audited)).toEqual({
      type: 'fail',
      reasons: ['the canary answered 7 calls of at least 50 in 300 s', 'the audit has completed no pass in 300 s'],
    });
  });

  it('fails at once, with the reasons, for what is worse than at the stable version, restarts and findings', () => {
    const canary = new Map([['A ended INTERNAL', fault(9, 30)]]);
    expect(decide({ ...good, canary, elapsedMs: 1_000, restarts: 1, newFindings: 2 }, rules)).toEqual({
      type: 'fail',
      reasons: [
        'a container of the canary has restarted (1)',
        'the audit has new findings (2)',
        'A ended INTERNAL: 9 of 30, at the stable version 0 of 900',
      ],
    });
  });

  it('compares with what the stable version did before when it gets no calls any more', () => {
    const canary = new Map([['A ended NOT_FOUND', refusal(60, 100)]]);
    const stable = new Map([['A ended NOT_FOUND', refusal(0, 3)]]);
    const earlier = (bad: number) => new Map([['A ended NOT_FOUND', refusal(bad, 1_000)]]);
    expect(decide({ ...good, canary, stable, stableBefore: earlier(600) }, rules).type).toBe('pass');
    expect(decide({ ...good, canary, stable, stableBefore: earlier(10) }, rules).type).toBe('fail');
  });
});

describe('failedCalls', () => {
  it('counts the calls that ended in a fault, by RPC and status', () => {
    const tallies = new Map([
      ['A ended INTERNAL', fault(3, 30)],
      ['A ended UNAVAILABLE', fault(2, 30)],
      ['A ended UNKNOWN', fault(0, 30)],
      ['A ended NOT_FOUND', refusal(9, 30)],
      ['orders compensated', fault(1, 30)],
    ]);
    expect(failedCalls(tallies)).toEqual({ 'A ended INTERNAL': 3, 'A ended UNAVAILABLE': 2 });
  });
});
