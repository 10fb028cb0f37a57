import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBooks } from '../audit/check-books.ts';
import { checkHolds } from '../audit/check-holds.ts';
import { Findings } from '../audit/findings.ts';
import { createClients } from '../testing/fixture.ts';
import { holdItem } from '../testing/orders.ts';
import { startTradingFixture, type TradingFixture } from '../testing/trading-fixture.ts';

let fixture: TradingFixture;

beforeAll(async () => {
  fixture = await startTradingFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

describe('holds, settlement, releases and withdrawals of one account at once', () => {
  it('leave books in which every balance is explained', async () => {
    const { buyer, peers, clients } = fixture;
    const other = createClients((await fixture.startReplica()).address);
    const start = peers.events.length;
    const pairs = [];
    for (let i = 0; i < 40; i += 1) pairs.push(await fixture.placePair(1n));
    const before = await fixture.assetsOf(buyer);
    const calls: Promise<unknown>[] = [];
    for (const [index, pair] of pairs.entries()) {
      peers.append('ACME', fixture.fullTrade(pair));
      const replica = index % 2 === 0 ? clients : other;
      const items = [1n, 2n].map((quantityLots) => holdItem({ accountId: buyer.accountId, quantityLots }));
      calls.push(
        replica.order.placeHolds({ items }),
        replica.order.releaseHolds({ orderIds: items.slice(0, 1).map(({ orderId }) => orderId) }),
        replica.ledger.withdraw({ idempotencyKey: `race-${index}`, amount: '0.01' }, buyer),
      );
      await Promise.all(calls.slice(-12, -9));
    }
    await Promise.all(calls);
    await fixture.settledUpTo(start + pairs.length);
    // Each trade costs 1.00 and a fee of 0.01; each withdrawal 0.01.
    const { cash, shares } = await fixture.assetsOf(buyer);
    expect(Number(before.cash) - Number(cash)).toBeCloseTo(40 * 1.02, 5);
    expect(Number(shares) - Number(before.shares)).toBe(40);
    const findings = new Findings(10);
    await fixture.db.transaction(
      async (tx) => {
        await checkBooks(tx, findings);
        await checkHolds(tx, findings);
      },
      { isolation: 'repeatable read' },
    );
    expect(findings.listed).toEqual([]);
  });
});
