import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Side, TradingState } from '../../engine/model/codes.ts';
import type { SetStateCommand } from '../../engine/model/commands.ts';
import { createPairDriver } from '../random/pair-driver.ts';

type Plain = { isBuy: boolean; price: number; lots: number };

const ticks = Array.from({ length: 14 }, (_, i) => i + 1);
const bidAt = (orders: readonly Plain[], tick: number) =>
  orders.reduce((sum, { isBuy, price, lots }) => sum + (isBuy && price >= tick ? lots : 0), 0);
const askedAt = (orders: readonly Plain[], tick: number) =>
  orders.reduce((sum, { isBuy, price, lots }) => sum + (!isBuy && price <= tick ? lots : 0), 0);

/** R23 word by word, tick by tick; undefined: nothing trades. */
function uncrossedLine(orders: readonly Plain[], reference: number): string | undefined {
  const rows = ticks.map((tick) => {
    const [bid, asked] = [bidAt(orders, tick), askedAt(orders, tick)];
    return { tick, volume: Math.min(bid, asked), surplus: bid - asked };
  });
  const volume = Math.max(...rows.map((row) => row.volume));
  if (volume === 0) return undefined;
  const most = rows.filter((row) => row.volume === volume);
  const least = Math.min(...most.map(({ surplus }) => Math.abs(surplus)));
  const left = most.filter(({ surplus }) => Math.abs(surplus) === least);
  const prices = left.map(({ tick }) => tick);
  const line = (price: number) => `uncrossed ${volume}@${price}`;
  if (left.every(({ surplus }) => surplus > 0)) return line(Math.max(...prices));
  if (left.every(({ surplus }) => surplus < 0)) return line(Math.min(...prices));
  if (reference === 0) return line(Math.floor((Math.min(...prices) + Math.max(...prices)) / 2));
  const distances = prices.map((price) => Math.abs(price - reference));
  const nearest = prices.filter((price) => Math.abs(price - reference) === Math.min(...distances));
  // The rule needs no other step: one price is left.
  expect(nearest).toHaveLength(1);
  return line(nearest[0] ?? 0);
}

const become = (state: TradingState): SetStateCommand => {
  return { kind: 'setState', commandId: `to ${state}`, symbol: 'ACME', state };
};

describe('R23 auction', () => {
  it('is at the price that every tick of a small book leads to', () => {
    const plain = fc.record({
      ...{ isBuy: fc.boolean(), price: fc.integer({ min: 2, max: 13 }), lots: fc.integer({ min: 1, max: 3 }) },
    });
    const book = fc.array(plain, { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(book, fc.constantFrom(0, 0, 1, 5, 7, 9, 14), (orders, referencePriceTicks) => {
        const { run, submit } = createPairDriver({ referencePriceTicks });
        run(become(TradingState.PRE_OPEN));
        for (const [i, { isBuy, price, lots }] of orders.entries()) {
          const side = isBuy ? { side: Side.BUY, accountId: 'b' } : { side: Side.SELL, accountId: 's' };
          submit(i + 1, { ...side, priceTicks: price, quantityLots: lots });
        }
        const uncrossed = run(become(TradingState.CONTINUOUS)).find((line) => line.startsWith('uncrossed'));
        expect(uncrossed).toBe(uncrossedLine(orders, referencePriceTicks));
      }),
      { numRuns: 1_000 },
    );
  });
});
