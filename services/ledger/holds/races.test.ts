import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkBooks } from '../testing/check-books.ts';
import { checkHolds } from '../testing/check-holds.ts';
import { Findings } from '../testing/findings.ts';
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
    const replicas = [clients, createClients((await fixture.startReplica()).address)];
    const start = peers.events.length;
    const pairs = [];
    for (let i = 0; i < 20; i += 1) pairs.push(await fixture.placePair(1n));
    const before = await fixture.assetsOf(buyer);
    for (let round = 0; round < 5; round += 1) {
      peers.append('ACME', ...pairs.slice(4 * round, 4 * round + 4).map(fixture.fullTrade));
      const calls = replicas.flatMap(({ order, ledger }, replica) => {
        const items = [1n, 2n].map((quantityLots) => holdItem({ accountId: buyer.accountId, quantityLots }));
        return [
          order.placeHolds({ items }),
          order.releaseHolds({ orderIds: items.slice(0, 1).map(({ orderId }) => orderId) }),
          ledger.withdraw({ idempotencyKey: `race-${round}-${replica}`, amount: '0.01' }, buyer),
        ];
      });
      await Promise.all<unknown>(calls);
    }
    await fixture.settledUpTo(start + pairs.length);
    // Each trade costs 1.00 and a fee of 0.01; each withdrawal 0.01.
    const { cash, shares } = await fixture.assetsOf(buyer);
    expect(Number(before.cash) - Number(cash)).toBeCloseTo(20 * 1.01 + 10 * 0.01, 5);
    expect(Number(shares) - Number(before.shares)).toBe(20);
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
