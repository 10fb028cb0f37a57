import { describe, expect, it } from 'vitest';
import { parseTransactionRate } from './pgbench.ts';

describe('parseTransactionRate', () => {
  it('finds the rate', () => {
    const output =
      'latency average = 1.125 ms\ninitial connection time = 9.1 ms\ntps = 7109.66 (without initial connection time)\n';
    expect(parseTransactionRate(output)).toBe(7109.66);
  });

  it('throws where there is none', () => {
    expect(() => parseTransactionRate('')).toThrow('no rate');
  });
});
