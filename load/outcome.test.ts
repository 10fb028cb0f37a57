import { describe, expect, it } from 'vitest';
import { brokenThresholds, describeOutcome, type Outcome } from './outcome.ts';

const good: Outcome = {
  tool: 'own',
  answered: 10_000,
  ratePerSecond: 500,
  accepted: 8_500,
  refused: 500,
  cancels: 1_000,
  failed: 10,
  dropped: 0,
  p50Ms: 3,
  p95Ms: 9,
  p99Ms: 20,
  streamed: 0,
  notes: [],
};

describe('brokenThresholds', () => {
  it('is empty for a good run', () => {
    expect(brokenThresholds(good, { p99MaxMs: 25 })).toEqual([]);
  });

  it('names failures, calls that were not sent in time, latency, and a run without answers', () => {
    expect(brokenThresholds({ ...good, failed: 11 }, { p99MaxMs: 25 })).toEqual(['11 of 10011 commands failed']);
    expect(brokenThresholds({ ...good, dropped: 200 }, { p99MaxMs: 25 })).toHaveLength(1);
    expect(brokenThresholds(good, { p99MaxMs: 19 })).toEqual(['the 99th percentile of PlaceOrder is 20 ms, not 19 ms']);
    expect(brokenThresholds({ ...good, answered: 0, failed: 0 }, { p99MaxMs: 25 })).toEqual(['nothing was answered']);
  });
});

describe('describeOutcome', () => {
  it('is a table that ends with the audit', () => {
    const lines = describeOutcome({ ...good, notes: ['2 x UNAVAILABLE'] }, 'clean').split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^failed +10 \(0\.10 %\)$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ +2 x UNAVAILABLE$/));
    expect(lines.at(-1)).toMatch(/^audit +clean$/);
  });
});
