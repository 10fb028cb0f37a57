import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountMax } from '#platform/money/grid.ts';
import { type Adjustment, bookAdjustment } from './adjustment.ts';
import { correctionAccount } from './asset.ts';
import { BalanceSheet } from './balance-sheet.ts';

const terms: Adjustment = {
  ...{ adjustmentId: 'adjustment', accountId: 'ann', asset: 'USD', amount: 5n, costMicros: 0n },
  ...{ reason: 'a test', reference: '', adjustedBy: 'admin', timeMs: 0 },
};
const own = { accountId: 'ann', asset: 'USD' };
const house = { accountId: correctionAccount, asset: 'USD' };
const sheetWith = (available: bigint, held = 0n) => new BalanceSheet([{ ...own, available, held }]);

describe('bookAdjustment', () => {
  it('takes what is free and no more, and names the numbers of what is not', () => {
    const sheet = sheetWith(3_000_000n, 4_000_000n);
    expect(bookAdjustment({ ...terms, amount: -3_000_001n }, 'active', sheet)).toEqual({
      reason: 'cash-insufficient',
      metadata: { needed: '3.000001', available: '3.00', held: '4.00', currency: 'USD' },
    });
    expect(sheet.changed()).toEqual([]);
    expect(bookAdjustment({ ...terms, amount: -3_000_000n }, 'active', sheet)).toMatchObject({
      fact: { kind: 'adjustment', adjustedBy: 'admin', reason: 'a test' },
    });
    expect(sheet.read(own)).toMatchObject({ available: 0n, held: 4_000_000n });
  });

  it('corrects an account that is frozen, and none that is closed or unknown', () => {
    expect(bookAdjustment(terms, 'frozen', sheetWith(0n))).toHaveProperty('postings');
    expect(bookAdjustment(terms, 'closed', sheetWith(0n))).toMatchObject({ reason: 'account-closed' });
    expect(bookAdjustment(terms, undefined, sheetWith(0n))).toMatchObject({ reason: 'account-not-found' });
    const full = sheetWith(amountMax - 4n);
    expect(bookAdjustment(terms, 'active', full)).toMatchObject({ reason: 'amount-over-limit' });
  });

  it('conserves, whatever is added and taken: what an account has more or less, the house has less or more', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 50n), fc.array(fc.bigInt(-30n, 30n), { maxLength: 30 }), (start, amounts) => {
        const sheet = sheetWith(start);
        let booked = 0n;
        for (const amount of amounts.filter((one) => one !== 0n)) {
          const outcome = bookAdjustment({ ...terms, amount }, 'active', sheet);
          if ('reason' in outcome) {
            expect(start + booked + amount).toBeLessThan(0n);
            continue;
          }
          booked += amount;
          expect(outcome.postings.map((posting) => posting.amount)).toEqual([amount, -amount]);
        }
        expect(sheet.read(own).available).toBe(start + booked);
        expect(sheet.read(house).available).toBe(-booked);
      }),
    );
  });
});
