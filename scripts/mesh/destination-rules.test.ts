import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { destinationRules } from './destination-rules.ts';

const rulesOf = (...services: string[]) => destinationRules(services).map(({ text }) => parse(text).spec);

describe('destinationRules', () => {
  it('bounds further tries by a share of the calls that is written out, and leaves out pods that fail', () => {
    const [rule] = rulesOf('order');
    expect(rule).toMatchObject({
      host: 'order',
      trafficPolicy: {
        retryBudget: { percent: 20, minRetryConcurrency: 10 },
        outlierDetection: { consecutiveGatewayErrors: 5, maxEjectionPercent: 50 },
      },
    });
  });

  it('has a subset for each version, by label, where a service can have two', () => {
    const [order] = rulesOf('order');
    expect(order.subsets).toEqual([
      { name: 'stable', labels: { track: 'stable' } },
      { name: 'canary', labels: { track: 'canary' } },
    ]);
    for (const { subsets } of rulesOf('exchange', 'mailbox')) expect(subsets).toBeUndefined();
  });

  it('never leaves out a process of the exchange, of which one serves', () => {
    const rules = rulesOf('exchange');
    expect(rules.map(({ host }) => host)).toEqual(['exchange', 'exchange-0', 'exchange-1', 'exchange-2']);
    for (const { trafficPolicy } of rules) {
      expect(trafficPolicy.retryBudget.percent).toBe(20);
      expect(trafficPolicy.outlierDetection).toBeUndefined();
    }
  });
});
