/** A ledger with one partial fill, two open orders, and peers that agree with it. */
import { expect } from 'vitest';
import type { AuditResponse } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import type { OwnedAt } from './fake-peers.ts';
import { type LedgerFixture, startFixture, type TestPerson } from './fixture.ts';
import { holdItem, type TestHold, traded } from './orders.ts';

/** The fixture, its people and orders, and its audit. */
export type AuditedFixture = LedgerFixture & {
  buyer: TestPerson;
  seller: TestPerson;
  bid: TestHold;
  ask: TestHold;
  /** Makes the peers agree with the ledger again. */
  repairPeers(): void;
  /** The positions of a portfolio service that has applied the whole feed. */
  ownedByPostings(): Promise<OwnedAt>;
  audit(findingsMax?: number): Promise<AuditResponse>;
};

/** Starts it: the bid has bought 4 of 10 lots from the ask at 1.00. */
export async function startAuditedFixture(): Promise<AuditedFixture> {
  const fixture = await startFixture();
  const buyer = await fixture.person({ cash: '1000' });
  const seller = await fixture.person({ cash: '5', shares: { ACME: '100' } });
  const bid = holdItem({ accountId: buyer.accountId });
  const ask = holdItem({ accountId: seller.accountId, side: Side.SELL });
  await fixture.clients.order.placeHolds({ items: [bid, ask] });
  const part = { lots: 4n, priceTicks: 100n, makerLeft: 6n, takerLeft: 6n };
  fixture.peers.append('ACME', traded({ tradeId: '0-1', maker: ask, taker: bid, ...part }));
  await eventually(async () => {
    const { cash } = await fixture.clients.ledger.getBalances({}, buyer);
    expect(cash?.total).toBe('995.99');
  });
  const ownedByPostings = async () => {
    const { rows } = await fixture.db.query<{ accountId: string; asset: string; amount: bigint; head: bigint }>(
      `SELECT account_id AS "accountId", asset, sum(amount)::bigint AS amount,
         (SELECT sequence FROM platform.feed_head WHERE name = 'ledger') AS head
       FROM posting WHERE account_id = ANY($1::uuid[]) GROUP BY 1, 2`,
      [[buyer.accountId, seller.accountId]],
    );
    const assets = rows.map(({ accountId, asset, amount }) => ({ accountId, asset, amount }));
    return { sequence: rows[0]?.head ?? 0n, assets };
  };
  return Object.assign(fixture, {
    buyer,
    seller,
    bid,
    ask,
    ownedByPostings,
    repairPeers() {
      const filled = { filledLots: 4n, passing: false, ageMs: 5n };
      fixture.peers.openOrders = [
        { ...bid, ...filled, makerValueCents: 0n, takerValueCents: 400n },
        { ...ask, ...filled, makerValueCents: 400n, takerValueCents: 0n },
      ];
      fixture.peers.ordersReachable = true;
      fixture.peers.owned = ownedByPostings;
    },
    audit: (findingsMax = 0) => fixture.clients.admin.audit({ findingsMax }, { userToken: fixture.adminToken }),
  });
}

/** The broken rules that a report names. */
export function rulesOf({ findings }: AuditResponse): string[] {
  return [...new Set(findings.map(({ rule }) => rule))].toSorted();
}
