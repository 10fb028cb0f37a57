import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { openBooks, type TestBooks } from '../testing/books.ts';
import { holdItem, requestOf } from '../testing/orders.ts';
import { type HoldOutcome, placeHolds } from './place-holds.ts';
import { previewHold } from './preview-hold.ts';

let books: TestBooks;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books?.[Symbol.asyncDispose]());

const terms = fc.record({
  side: fc.constantFrom(Side.BUY, Side.SELL),
  quantityLots: fc.bigInt({ min: 1n, max: 12n }),
  priceTicks: fc.bigInt({ min: 1n, max: 120n }),
  positionLimitMicros: fc.option(fc.bigInt({ min: 0n, max: 30n }), { nil: undefined }),
});
const account = fc.record({
  state: fc.constantFrom('active', 'active', 'active', 'active', 'frozen'),
  cash: fc.bigInt({ min: 0n, max: 40_000_000n }),
  shares: fc.bigInt({ min: 0n, max: 20n }),
});
const micros = 1_000_000n;

describe('previewHold', () => {
  it('has the outcome that taking the hold has in the same state, and changes nothing', async () => {
    const found = new Set<string>();
    const property = fc.asyncProperty(
      account,
      fc.array(terms, { minLength: 1, maxLength: 6 }),
      async (owner, asked) => {
        const { state, cash, shares } = owner as { state: 'active' | 'frozen' } & typeof owner;
        const accountId = await books.addAccount({ state, cash, shares: { ACME: shares * micros } });
        for (const { positionLimitMicros: limit, ...given } of asked) {
          const positionLimitMicros = limit === undefined ? undefined : limit * micros;
          const request = requestOf({ ...holdItem({ accountId, ...given }), positionLimitMicros });
          const before = await books.balancesOf(accountId);
          const preview = await previewHold(books.db, request);
          expect(await books.balancesOf(accountId)).toEqual(before);
          const [placed] = await placeHolds(books.db, [request], Date.now());
          expect(preview).toEqual(placed);
          found.add(placed?.reason ?? 'held');
        }
      },
    );
    await fc.assert(property, { numRuns: 60 });
    const reasons = ['held', 'cash-insufficient', 'shares-insufficient', 'position-limit-exceeded', 'account-frozen'];
    expect([...found].sort()).toEqual(reasons.sort());
  });

  it('does not wait for what has locked the balance, and leaves the order id as it was', async () => {
    const accountId = await books.addAccount({ cash: 20_000_000n });
    const request = requestOf(holdItem({ accountId }));
    let preview: HoldOutcome | 'none' = 'none';
    await books.db.transaction(async (tx) => {
      await tx.query('SELECT FROM balance WHERE account_id = $1 FOR UPDATE', [accountId]);
      preview = await previewHold(books.openAnother(), request);
    });
    expect(preview).toBeUndefined();
    const other = requestOf({ ...holdItem({ accountId: uuidV7() }), orderId: request.orderId });
    expect(await previewHold(books.db, other)).toMatchObject({ reason: 'account-not-found' });
    expect(await placeHolds(books.db, [request], Date.now())).toEqual([undefined]);
  });
});
