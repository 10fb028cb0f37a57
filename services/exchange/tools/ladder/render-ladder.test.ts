import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ListingSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { BookSchema, FeedEventSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { LadderBook } from './ladder-book.ts';
import { renderLadder } from './render-ladder.ts';

const listing = create(ListingSchema, { symbol: 'ACME', tickSize: '0.01', lotSize: '1' });
const level = (priceTicks: number, lots: number, orderCount = 1) => ({
  ...{ priceTicks: BigInt(priceTicks), quantityLots: BigInt(lots), orderCount },
});
const options = { depth: 2, width: 44, color: false, notice: '' };

function bookOf(bids: object[], asks: object[]): LadderBook {
  const book = create(BookSchema, {
    listing,
    state: TradingState.OPENING_AUCTION,
    bids,
    asks,
    lastPriceTicks: 10_100n,
  });
  return new LadderBook(book, listing, 7n);
}

describe('renderLadder', () => {
  it('shows asks above bids, the best of both beside the spread', () => {
    const book = bookOf(
      [level(10_000, 30, 2), level(9_999, 60)],
      [level(10_002, 15), level(10_003, 1), level(10_004, 99)],
    );
    expect(renderLadder(book, options)).toEqual([
      'ACME  opening auction  last 101.00',
      '',
      '     price      lots  orders',
      '    100.03         1       1  █',
      '    100.02        15       1  ████',
      '----------  spread 0.02',
      '    100.00        30       2  ███████',
      '     99.99        60       1  ██████████████',
      '',
      'sequence 7',
    ]);
  });

  it('shows the last trade and the notice, and all lines when sides are empty', () => {
    const book = bookOf([], []);
    const value = { priceTicks: 10_050n, quantityLots: 4n };
    book.apply(
      create(FeedEventSchema, { symbol: 'ACME', sequence: 9n, timeMs: 3_661_000n, event: { case: 'traded', value } }),
    );
    const lines = renderLadder(book, { ...options, notice: 'away: trying again' });
    expect(lines[0]).toBe('ACME  opening auction  last 100.50 x 4 at 01:01:01 UTC');
    expect(lines).toHaveLength(10);
    expect(lines[5]).toContain('the book is empty');
    expect(lines[9]).toBe('away: trying again');
  });

  it('paints sides where it may', () => {
    const lines = renderLadder(bookOf([level(1, 1)], []), { ...options, color: true });
    expect(lines.join('\n')).toContain('\u001b[32m      0.01\u001b[0m');
    expect(lines[5]).toContain('one side is empty');
  });

  it('fits bars into narrow terminals', () => {
    const book = bookOf([level(1, 2 ** 31 - 1, 2_000_000)], []);
    for (const width of [1, 20, 40, 60, 300]) {
      const [line = ''] = renderLadder(book, { ...options, width }).slice(6);
      expect(line.length).toBeLessThanOrEqual(Math.max(width, 31));
    }
  });
});

describe('LadderBook', () => {
  const changed = (side: Side, priceTicks: number, lots: number, orders: number, bookChecksum: number) =>
    create(FeedEventSchema, {
      ...{ symbol: 'ACME', sequence: 8n },
      event: { case: 'levelChanged', value: { side, ...level(priceTicks, lots, orders), bookChecksum } },
    });

  it('moves by events of its own book, and passes over all others', () => {
    const book = bookOf([], []);
    const other = create(FeedEventSchema, { symbol: 'OTHER', sequence: 12n, event: { case: 'traded', value: {} } });
    expect(book.apply(other)).toBe(false);
    expect(book.sequence).toBe(12n);
    expect(book.apply(changed(Side.SELL, 5, 7, 1, 0))).toBe(true);
    expect(book.levels(Side.SELL, 9)).toEqual([{ priceTicks: 5n, lots: 7n, orders: 1 }]);
    book.apply(changed(Side.SELL, 5, 0, 0, 0));
    expect(book.levels(Side.SELL, 9)).toEqual([]);
  });

  it('refuses a change after which it does not add up', () => {
    const book = bookOf([], []);
    // CRC-32 of 01000000 05000000 0700000000000000 01000000.
    expect(book.apply(changed(Side.BUY, 5, 7, 1, 0xdccff337))).toBe(true);
    expect(() => book.apply(changed(Side.BUY, 6, 1, 1, 1))).toThrow('checksum');
  });
});
