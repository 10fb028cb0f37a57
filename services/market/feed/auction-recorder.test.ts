import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { type BookState, openedBook, phaseAfter } from '../domain/auction.ts';
import { auctionRetentionMs, deleteExpired } from '../store/delete-expired.ts';
import { readAuctions } from '../store/read-auctions.ts';
import { follow, traded } from '../testing/events.ts';
import { tradeGroups, writeTrades } from './record-trades.ts';

const { PRE_OPEN, OPENING_AUCTION, CONTINUOUS, HALTED, CLOSING_AUCTION, CLOSED } = TradingState;
type EventInit = Parameters<typeof follow>[1][number];
let db: OpenTestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
  await migrate(db, new URL('../store/migrations/', import.meta.url));
});
beforeEach(() => db.query('TRUNCATE trade, candle, auction, book_phase'));
afterAll(() => db?.[Symbol.asyncDispose]());

const state = (to: TradingState, symbol = 'A'): EventInit => {
  return { symbol, timeMs: 60_000n, event: { case: 'stateChanged', value: { state: to } } };
};
const uncrossed = (price: number, timeMs: number, symbol = 'A'): EventInit => {
  const value = { priceTicks: BigInt(price), quantityLots: 99n };
  return { symbol, timeMs: BigInt(timeMs), event: { case: 'uncrossed', value } };
};
const inAuction = (price: number, lots: number, timeMs: number, symbol = 'A'): EventInit => {
  const amounts = { priceTicks: BigInt(price), quantityLots: BigInt(lots) };
  const value = { ...amounts, tradeId: `0-${symbol}`, auction: true };
  return { symbol, timeMs: BigInt(timeMs), event: { case: 'traded', value } };
};

/** Writes those of the events that are recorded, in groups of so many. */
async function write(events: EventInit[], groupMax = events.length): Promise<void> {
  const all: FeedEvent[] = follow(1, events).events.filter(tradeGroups.isEffective);
  for (let at = 0; at < all.length; at += groupMax) {
    await db.transaction((tx) => writeTrades(tx, all.slice(at, at + groupMax)));
  }
}

async function stored(symbol = 'A'): Promise<string[]> {
  const range = { from: { timeMs: 0, id: 0n }, until: { timeMs: 9_999_999_999_999, id: 0n } };
  const auctions = await readAuctions(db, { symbols: [symbol], ...range, oldestFirst: true, limit: 100 });
  return auctions.map(
    ({ timeMs, kind, priceTicks, quantityLots }) => `${timeMs} ${kind} ${quantityLots} x ${priceTicks}`,
  );
}

const day: EventInit[] = [
  ...[
    state(PRE_OPEN),
    state(OPENING_AUCTION),
    state(CONTINUOUS),
    uncrossed(59, 1),
    inAuction(59, 6, 1),
    inAuction(59, 3, 1),
  ],
  traded('A', 60, 1, 2),
  ...[state(HALTED), state(OPENING_AUCTION), state(CONTINUOUS), uncrossed(61, 3), inAuction(61, 2, 3)],
  // Orders of one person met: what was left found another price.
  ...[
    state(CLOSING_AUCTION),
    state(CLOSED),
    uncrossed(62, 4),
    inAuction(62, 5, 4),
    uncrossed(63, 4),
    inAuction(63, 4, 4),
  ],
  ...[state(PRE_OPEN), state(OPENING_AUCTION), state(CONTINUOUS), state(CLOSED), uncrossed(70, 5), inAuction(70, 1, 5)],
];
const wanted = ['1 opening 9 x 59', '3 reopening 2 x 61', '4 closing 5 x 62', '4 closing 4 x 63', '5 closing 1 x 70'];

describe('writeAuctions', () => {
  it('stores each price that an auction found with what traded at it, in however many parts its events come', async () => {
    for (const groupMax of [day.length, 7, 3, 2, 1]) {
      await db.query('TRUNCATE trade, candle, auction, book_phase');
      await write(day, groupMax);
      expect(await stored(), `groups of ${groupMax}`).toEqual(wanted);
    }
  });

  it('does not mix symbols', async () => {
    const others = [
      state(CLOSED, 'B'),
      uncrossed(7, 1, 'B'),
      uncrossed(5, 1),
      inAuction(7, 1, 1, 'B'),
      inAuction(5, 2, 1),
    ];
    await write(others, 2);
    expect([await stored(), await stored('B')]).toEqual([['1 reopening 2 x 5'], ['1 closing 1 x 7']]);
  });

  it('deletes what is past its retention', async () => {
    await db.query(
      "INSERT INTO auction (symbol, time_ms, kind, price_ticks, quantity_lots) VALUES ('ACME', 1, 1, 1, 1), ('ACME', 3, 1, 1, 1)",
    );
    while ((await deleteExpired(db, auctionRetentionMs + 2)) > 0);
    expect(await stored('ACME')).toEqual(['3 opening 1 x 1']);
  });
});

describe('phaseAfter', () => {
  const phaseOfAll = (...states: BookState[]) => states.reduce(phaseAfter, openedBook);

  it('begins a session once, whenever the book is listed, and however it is interrupted', () => {
    const opening: BookState[][] = [
      ['pre-open', 'opening-auction', 'continuous'],
      ['opening-auction', 'continuous'],
      ['closed', 'continuous'],
      ['closed', 'pre-open', 'halted', 'pre-open', 'opening-auction', 'continuous'],
    ];
    for (const states of opening) expect(phaseOfAll(...states).kind, states.join()).toBe('opening');
    const again: BookState[][] = [
      ['halted', 'opening-auction', 'continuous'],
      ['halted', 'pre-open', 'opening-auction', 'continuous'],
      ['halted', 'opening-auction', 'pre-open', 'opening-auction', 'continuous'],
      ['closed', 'continuous', 'halted', 'continuous'],
    ];
    for (const states of again) expect(phaseOfAll(...states).kind, states.join()).toBe('reopening');
    expect(phaseOfAll('continuous', 'closing-auction', 'closed').kind).toBe('closing');
  });
});
