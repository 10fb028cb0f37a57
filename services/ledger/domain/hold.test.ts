import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyFill, type Fill, type HoldTerms, heldAmount, unfilled, withinTerms } from './hold.ts';

const bps = fc.integer({ min: 0, max: 1_000 });
const terms: fc.Arbitrary<HoldTerms> = fc.record({
  accountId: fc.constant('someone'),
  symbol: fc.constant('ACME'),
  side: fc.constantFrom('buy', 'sell'),
  lots: fc.bigInt({ min: 1n, max: 10_000n }),
  priceTicks: fc.bigInt({ min: 1n, max: 1_000_000n }),
  tickLotMicros: fc.oneof(fc.bigInt({ min: 1n, max: 1_000n }), fc.bigInt({ min: 1n, max: 10_000_000n })),
  lotMicros: fc.bigInt({ min: 1n, max: 100_000_000n }),
  makerBps: bps,
  takerBps: bps,
});
/** Fills as random parts: how much of what is left, how much better than the limit, and in which role. */
const parts = fc.array(
  fc.record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    better: fc.bigInt({ min: 0n, max: 1_000n }),
    role: fc.constantFrom('maker' as const, 'taker' as const),
  }),
  { maxLength: 12 },
);

function fillOf(
  order: HoldTerms,
  filledLots: bigint,
  part: { share: number; better: bigint; role: Fill['role'] },
): Fill {
  const left = order.lots - filledLots;
  const lots = BigInt(Math.max(1, Math.floor(Number(left) * part.share)));
  const buyPrice = order.priceTicks - (part.better % order.priceTicks);
  return { lots, priceTicks: order.side === 'buy' ? buyPrice : order.priceTicks + part.better, role: part.role };
}

describe('heldAmount', () => {
  const buy: HoldTerms = {
    accountId: 'someone',
    symbol: 'ACME',
    side: 'buy',
    lots: 10n,
    priceTicks: 100n,
    tickLotMicros: 10_000n,
    lotMicros: 500_000n,
    makerBps: 10,
    takerBps: 20,
  };

  it('of a buy is its greatest value and fee, of a sell its shares', () => {
    expect(heldAmount(buy, unfilled)).toBe(10_000_000n + 20_000n);
    expect(heldAmount({ ...buy, side: 'sell' }, unfilled)).toBe(5_000_000n);
  });

  it('of a partly filled buy leaves out the fee that was charged', () => {
    const { progress, feeMicros } = applyFill(buy, unfilled, { lots: 4n, priceTicks: 90n, role: 'maker' });
    expect(feeMicros).toBe(10_000n);
    // 6.00 are left at the limit; the whole fee is at most 0.02, from 0.0036 + 0.012, of which 0.01 was charged.
    expect(heldAmount(buy, progress)).toBe(6_000_000n + 10_000n);
  });

  it('of a buy by amount is the amount, less what was paid', () => {
    const byAmount = { ...buy, lots: 1_000n, amountMicros: 10_000_000n };
    expect(heldAmount(byAmount, unfilled)).toBe(10_000_000n);
    const { progress } = applyFill(byAmount, unfilled, { lots: 4n, priceTicks: 90n, role: 'taker' });
    expect(heldAmount(byAmount, progress)).toBe(10_000_000n - 3_600_000n - 10_000n);
    expect(heldAmount({ ...byAmount, lots: 4n }, progress)).toBe(0n);
  });

  it('covers every fill: no part of an order exceeds the whole, and nothing falls below 0', () => {
    fc.assert(
      fc.property(terms, parts, (order, randomParts) => {
        let progress = unfilled;
        let held = heldAmount(order, progress);
        const whole = held;
        let spent = 0n;
        for (const part of randomParts) {
          if (progress.filledLots === order.lots) break;
          const fill = fillOf(order, progress.filledLots, part);
          expect(withinTerms(order, progress, fill)).toBe(true);
          const effect = applyFill(order, progress, fill);
          const leaves = order.side === 'buy' ? effect.valueMicros + effect.feeMicros : effect.micros;
          const needed = heldAmount(order, effect.progress);
          expect(needed >= 0n).toBe(true);
          expect(held - leaves >= needed).toBe(true);
          expect(effect.feeMicros >= 0n && effect.feeMicros <= effect.valueMicros).toBe(true);
          spent += leaves;
          expect(spent + needed <= whole).toBe(true);
          held = needed;
          progress = effect.progress;
        }
        expect(held === 0n).toBe(progress.filledLots === order.lots);
      }),
      { numRuns: 500 },
    );
  });
});

describe('withinTerms of a buy by amount', () => {
  it('permits what its amount pays for, fee included, and not a lot more', () => {
    fc.assert(
      fc.property(terms, fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.boolean(), (order, amountMicros, isMaker) => {
        const byAmount: HoldTerms = { ...order, side: 'buy', lots: 10n ** 15n, amountMicros };
        const role = isMaker ? 'maker' : 'taker';
        const costOf = (lots: bigint) => {
          const fill = { lots, priceTicks: order.priceTicks, role } as const;
          const { valueMicros, feeMicros } = applyFill(byAmount, unfilled, fill);
          return { fill, micros: valueMicros + feeMicros };
        };
        const most = amountMicros / (order.priceTicks * order.tickLotMicros);
        for (const lots of [1n, most - 1n, most, most + 1n]) {
          if (lots < 1n) continue;
          const { fill, micros } = costOf(lots);
          expect(withinTerms(byAmount, unfilled, fill)).toBe(micros <= amountMicros);
        }
      }),
    );
  });
});

describe('withinTerms', () => {
  it('lets nothing pass that is more than what is left, or worse than the worst price', () => {
    fc.assert(
      fc.property(terms, (order) => {
        const worse = order.side === 'buy' ? order.priceTicks + 1n : order.priceTicks - 1n;
        const whole = { lots: order.lots, priceTicks: order.priceTicks, role: 'maker' as const };
        expect(withinTerms(order, unfilled, whole)).toBe(true);
        expect(withinTerms(order, unfilled, { ...whole, lots: order.lots + 1n })).toBe(false);
        expect(withinTerms(order, unfilled, { ...whole, lots: 0n })).toBe(false);
        expect(withinTerms(order, unfilled, { ...whole, priceTicks: worse })).toBe(false);
      }),
    );
  });
});
