import { expect, it } from 'vitest';
import type { FrozenTerms } from '../domain/expected-order.ts';
import { Findings } from '../domain/finding.ts';
import type { OrderShadow } from '../domain/order-shadow.ts';
import { checkValue } from './check-value.ts';

const cent = 10_000n;
const terms: FrozenTerms = {
  ...{ tickLotMicros: cent, lotMicros: 10_000n, makerBps: 0, takerBps: 5 },
  amountMicros: 500n * 100n * cent,
};
// 500.00 less a fee of 0.25.
const valueMax = 49_975n;
const order: OrderShadow = {
  ...{ orderId: 'o', accountId: 'a', shard: 0, symbol: 'ACME', side: 'buy', state: 'filled' },
  ...{ lots: 520n, priceTicks: 105n, filledLots: 499n, fillCount: 1, acceptedAt: 1n, endedAt: 2n },
  ...{ valueMax, traded: { maker: 0n, taker: 49_900n } },
};

function rulesOf(changes: Partial<OrderShadow>, frozen: Partial<FrozenTerms> = {}): string[] {
  const findings = new Findings(10);
  checkValue({ findings }, { ...order, ...changes }, { ...terms, ...frozen });
  return findings.listed.map(({ rule }) => rule);
}

it('finds nothing where the value is what the amount pays for, or where there is neither', () => {
  expect(rulesOf({})).toEqual([]);
  expect(rulesOf({ traded: { maker: 0n, taker: valueMax } })).toEqual([]);
  const { valueMax: _, ...byLots } = order;
  expect(rulesOf({ ...byLots, valueMax: 0n }, { amountMicros: 0n })).toEqual([]);
});

it('names a value that is not that of the amount, and trades of more', () => {
  expect(rulesOf({ valueMax: valueMax + 1n })).toEqual(['value-follows-the-amount']);
  expect(rulesOf({}, { amountMicros: 0n })).toEqual(['value-follows-the-amount']);
  expect(rulesOf({ valueMax: 0n })).toEqual(['value-follows-the-amount']);
  expect(rulesOf({ traded: { maker: 0n, taker: valueMax + 1n } })).toEqual(['order-trades-within-its-value']);
});
