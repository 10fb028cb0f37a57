import { describe, expect, it } from 'vitest';
import { formatRow, type TapeRow } from '../format/row.ts';
import type { Call } from '../session.ts';
import { auctionsOf, quotesOf, tradesOf } from './sources.ts';

const at = (time: string) => `2026-03-10T${time}Z`;
const auction = (kind: string, time: string, price: string) => ({
  ...{ kind: `AUCTION_KIND_${kind}`, time: at(time), price, quantity: '30' },
});
const quote = (time: string, bidPrice = '9.00') => ({
  ...{ time: at(time), bidPrice, bidQuantity: '1', askPrice: '10.00', askQuantity: '1' },
});

/** What a market has stored. */
const lists: Record<string, unknown[]> = {
  auctions: [
    auction('OPENING', '13:30:00.120', '9.50'),
    auction('REOPENING', '15:00:00.000', '9.60'),
    auction('CLOSING', '20:00:00.060', '9.70'),
  ],
  trades: [
    { time: at('13:30:00.120'), price: '9.50', quantity: '30', takerSide: 'SIDE_BUY' },
    { time: at('13:30:00.120'), price: '10.00', quantity: '2', takerSide: 'SIDE_SELL' },
  ],
  quotes: [
    quote('13:29:00.000'),
    ...[quote('13:29:00.200'), quote('13:29:59.900')],
    ...[quote('13:30:00.120'), quote('14:00:00.000', '10.00'), quote('14:59:58.999')],
    ...[quote('14:59:59.500'), quote('20:00:00.060'), quote('20:00:00.900')],
  ],
};

const call: Call = async (method) => {
  const name = Object.keys(lists).find((key) => method.toLowerCase().endsWith(key)) ?? '';
  return { [name]: lists[name] };
};

async function rowsOf(source: typeof tradesOf): Promise<string[]> {
  const rows: TapeRow[] = [];
  const range = { symbol: 'A', fromMs: Date.parse(at('13:00:00')), toMs: Date.parse(at('21:00:00')) };
  for await (const row of source(call, range)) rows.push(row);
  return rows.map((row) => formatRow(row).replace(/^.{11}(.{12})Z/, '$1'));
}

describe('auctionsOf', () => {
  it('places the orders of a calendar’s auction a minute before its end, those of a breaker’s a second', async () => {
    expect(await rowsOf(auctionsOf)).toEqual([
      '13:29:00.120,auction,A,9.50,30',
      '14:59:59.000,auction,A,9.60,30',
      '19:59:00.060,auction,A,9.70,30',
    ]);
  });
});

describe('tradesOf', () => {
  it('leaves out those of auctions', async () => {
    expect(await rowsOf(tradesOf)).toEqual(['13:30:00.120,trade,A,10.00,2,sell']);
  });
});

describe('quotesOf', () => {
  it('leaves out quotes that cross, those beside an auction’s orders, and those of a book that has closed', async () => {
    expect((await rowsOf(quotesOf)).map((row) => row.slice(0, 12))).toEqual([
      ...['13:29:00.000', '13:30:00.120', '14:59:58.999'],
    ]);
  });
});
