/** The rows of one symbol, oldest first, page by page from what the market has stored. */
import type { JsonObject } from '../../../supervisor/index.ts';
import { levelOf, sideOf, type TapeRow } from '../format/row.ts';
import type { Call } from '../session.ts';

/** A symbol, from a time until before another, Unix ms. */
export type Range = { symbol: string; fromMs: number; toMs: number };

type TradeJson = { time: string; price: string; quantity: string; takerSide?: string };
type QuoteJson = { time: string; bidPrice?: string; bidQuantity?: string; askPrice?: string; askQuantity?: string };

const pageSize = 500;
/** How long before an auction's end its orders are to be in the book: less than any auction of a calendar or a breaker takes. */
const beforeAuctionMs = 1_000;

/** Trades but for those of auctions. */
export async function* tradesOf(call: Call, range: Range): AsyncGenerator<TapeRow> {
  const { symbol } = range;
  const auctions = new Set<string>();
  for await (const { time, price } of pagesOf<TradeJson>(call, 'ListAuctions', 'auctions', range)) {
    auctions.add(`${time} ${price}`);
  }
  for await (const { time, price, quantity, takerSide } of pagesOf<TradeJson>(call, 'ListTrades', 'trades', range)) {
    if (auctions.has(`${time} ${price}`)) continue;
    const side = takerSide === 'SIDE_SELL' ? 'sell' : 'buy';
    yield { kind: 'trade', timeMs: Date.parse(time), symbol, level: levelOf(price, quantity), side };
  }
}

/** Auctions, each at a time at which it collects orders. */
export async function* auctionsOf(call: Call, range: Range): AsyncGenerator<TapeRow> {
  const { symbol } = range;
  for await (const { time, price, quantity } of pagesOf<TradeJson>(call, 'ListAuctions', 'auctions', range)) {
    yield { kind: 'auction', timeMs: Date.parse(time) - beforeAuctionMs, symbol, level: levelOf(price, quantity) };
  }
}

/** The best prices of each second in which they changed. While orders are collected they may cross: such ones are left out. */
export async function* quotesOf(call: Call, range: Range): AsyncGenerator<TapeRow> {
  const { symbol } = range;
  for await (const quote of pagesOf<QuoteJson>(call, 'ListPastQuotes', 'quotes', range)) {
    const [bid, ask] = [sideOf(quote.bidPrice, quote.bidQuantity), sideOf(quote.askPrice, quote.askQuantity)];
    if (bid && ask && bid.price >= ask.price) continue;
    yield { kind: 'quote', timeMs: Date.parse(quote.time), symbol, bid, ask };
  }
}

async function* pagesOf<Row>(call: Call, method: string, field: string, range: Range): AsyncGenerator<Row> {
  const { symbol, fromMs, toMs } = range;
  const [startTime, endTime] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  let pageToken = '';
  do {
    const request = { symbol, startTime, endTime, oldestFirst: true, pageSize, pageToken };
    const page: JsonObject = await call(`outcry.market.v1.MarketService/${method}`, request);
    yield* (page[field] ?? []) as Row[];
    pageToken = String(page.nextPageToken ?? '');
  } while (pageToken !== '');
}
