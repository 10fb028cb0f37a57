import { describe, expect, it } from 'vitest';
import { mixShares } from './mixes.ts';
import { databaseOf, sharedPostgres } from './processor-time.ts';
import { sumOfMetric } from './service-counters.ts';

describe('databaseOf', () => {
  it('finds the database of a connection and of an autovacuum worker', () => {
    expect(databaseOf('postgres: postgres outcry_order 127.0.0.1(34738) idle')).toBe('order');
    expect(databaseOf('postgres: autovacuum worker outcry_bus')).toBe('bus');
  });

  it('counts everything else as shared', () => {
    expect(databaseOf('postgres: checkpointer ')).toBe(sharedPostgres);
    expect(databaseOf('postgres: postgres postgres 127.0.0.1(1) idle')).toBe(sharedPostgres);
  });
});

describe('sumOfMetric', () => {
  it('adds all series of the metric and of no other', () => {
    const text = 'calls{a="1"} 2\ncalls{a="2"} 3.5\ncalls_total{a="1"} 7\n# calls 9\ncalls 1\n';
    expect(sumOfMetric(text, 'calls')).toBe(6.5);
    expect(sumOfMetric(text, 'other')).toBe(0);
  });
});

describe('mixShares', () => {
  it('has 40 % crossing orders, 10 % cancels and 5 % refusals, and 20 % in the phase of refusals', () => {
    expect(mixShares.normal).toMatchObject({ crossingOf100: 40, cancelsOf100: 10, refusedOf100: 5 });
    expect(mixShares.refused.refusedOf100).toBe(20);
  });
});
