/** A ledger with a buyer and a seller, whose pairs of orders meet at 1.00 a share. */
import { expect } from 'vitest';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { type LedgerFixture, startFixture, type TestPerson } from './fixture.ts';
import { holdItem, type TestHold, traded } from './orders.ts';

/** Two orders that have their holds. */
export type TestPair = { maker: TestHold; taker: TestHold };

/** The fixture, its people, and what they trade. */
export type TradingFixture = LedgerFixture & {
  buyer: TestPerson;
  seller: TestPerson;
  /** Takes the holds of a pair of orders of `lots` lots, default 10. */
  placePair(lots?: bigint): Promise<TestPair>;
  /** The event of a trade that fills both orders, each time with a new trade id. */
  fullTrade(pair: TestPair): ReturnType<typeof traded>;
  /** Resolves when shard 0 is settled up to exactly this sequence. */
  settledUpTo(sequence: number): Promise<void>;
  countTrades(sql?: Sql): Promise<number>;
  /** Cash, held cash, shares and held shares, as decimals. */
  assetsOf(person: TestPerson): Promise<{ cash?: string; held?: string; shares: string; sharesHeld: string }>;
};

/** An order pair that has no hold yet; the ids are new. */
export function newPair(buyer: TestPerson, seller: TestPerson, lots = 10n): TestPair {
  return {
    maker: holdItem({ accountId: seller.accountId, side: Side.SELL, quantityLots: lots }),
    taker: holdItem({ accountId: buyer.accountId, quantityLots: lots }),
  };
}

/** Starts it. */
export async function startTradingFixture(): Promise<TradingFixture> {
  const fixture = await startFixture();
  const buyer = await fixture.person({ cash: '1000000' });
  const seller = await fixture.person({ shares: { ACME: '100000' } });
  let tradeNumber = 0;
  return Object.assign(fixture, {
    buyer,
    seller,
    async placePair(lots?: bigint) {
      const pair = newPair(buyer, seller, lots);
      const { results } = await fixture.clients.order.placeHolds({ items: [pair.maker, pair.taker] });
      expect(results.every(({ held }) => held)).toBe(true);
      return pair;
    },
    fullTrade(pair: TestPair) {
      tradeNumber += 1;
      const lots = pair.maker.quantityLots;
      return traded({ tradeId: `0-${tradeNumber}`, ...pair, lots, priceTicks: 100n, makerLeft: 0n, takerLeft: 0n });
    },
    async settledUpTo(sequence: number) {
      await eventually(async () => {
        const { rows } = await fixture.db.query<{ sequence: bigint }>(
          `SELECT sequence FROM platform.feed_position WHERE name = 'exchange.0'`,
        );
        expect(rows[0]?.sequence).toBe(BigInt(sequence));
      });
    },
    async countTrades(sql: Sql = fixture.db) {
      const { rows } = await sql.query<{ count: bigint }>(`SELECT count(*) FROM entry WHERE kind = 'trade'`);
      return Number(rows[0]?.count);
    },
    async assetsOf({ userToken }: TestPerson) {
      const { cash, shares } = await fixture.clients.ledger.getBalances({}, { userToken });
      const [owned] = shares;
      return { cash: cash?.total, held: cash?.held, shares: owned?.total ?? '0', sharesHeld: owned?.held ?? '0' };
    },
  });
}
