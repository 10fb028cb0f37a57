import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRow, parseRow, RowError, type TapeRow } from './row.ts';

const level = fc.record({ price: fc.bigInt(1n, 10n ** 17n), quantity: fc.bigInt(1n, 10n ** 17n) });
const common = {
  timeMs: fc.integer({ min: Date.UTC(2022, 0), max: Date.UTC(2099, 0) }),
  symbol: fc.stringMatching(/^[A-Z0-9.]{1,12}$/),
};
const rows: fc.Arbitrary<TapeRow> = fc.oneof(
  fc.record({ kind: fc.constant('trade' as const), ...common, level, side: fc.constantFrom('buy', 'sell') }),
  fc.record({ kind: fc.constant('auction' as const), ...common, level }),
  fc
    .record({ kind: fc.constant('quote' as const), ...common, bid: fc.option(level), ask: fc.option(level) })
    .map(({ bid, ask, ...row }) => ({ ...row, bid: bid ?? undefined, ask: ask ?? undefined }))
    .filter(({ bid, ask }) => !bid || !ask || bid.price < ask.price),
);

describe('parseRow, formatRow', () => {
  it('are each other’s reverse', () => {
    fc.assert(
      fc.property(rows, (row) => {
        expect(parseRow(formatRow(row))).toEqual(row);
      }),
    );
  });

  it.each([
    ['', 'the time'],
    ['2026-02-30T10:00:00.000Z,trade,HUDS,59.00,1,buy', 'the time'],
    ['2026-03-10T10:00:00Z,trade,HUDS,59.00,1,buy', 'the time'],
    ['2026-03-10T10:00:00.000Z,swap,HUDS,59.00,1', 'the kind'],
    ['2026-03-10T10:00:00.000Z,trade,huds,59.00,1,buy', 'the symbol'],
    ['2026-03-10T10:00:00.000Z,trade,HUDS,59.00,1', 'a trade has 6 fields, not 5'],
    ['2026-03-10T10:00:00.000Z,trade,HUDS,59.00,1,buy,', 'a trade has 6 fields, not 7'],
    ['2026-03-10T10:00:00.000Z,trade,HUDS,59.00,1,long', 'the side'],
    ['2026-03-10T10:00:00.000Z,trade,HUDS,0,1,buy', 'the price must be at least'],
    ['2026-03-10T10:00:00.000Z,trade,HUDS,1e3,1,buy', 'the price must be a plain decimal'],
    ['2026-03-10T10:00:00.000Z,auction,HUDS,59.00,-1', 'the quantity'],
    ['2026-03-10T10:00:00.000Z,quote,HUDS,59.00,,60.00,1', 'the quantity'],
    ['2026-03-10T10:00:00.000Z,quote,HUDS,59.00,1,59.00,1', 'the bid is not below the ask'],
  ])('refuses %s', (line, why) => {
    expect(() => parseRow(line)).toThrow(RowError);
    expect(() => parseRow(line)).toThrow(why);
  });
});
