/** The rows of one symbol, oldest first, page by page from what the market has stored. */
import type { JsonObject } from '../../../supervisor/index.ts';
import { levelOf, sideOf, type TapeRow } from '../format/row.ts';
import type { Call } from '../session.ts';

/** A symbol, from a time until before another, Unix ms. */
export type Range = { symbol: string; fromMs: number; toMs: number };

type TradeJson = { time: string; price: string; quantity: string; takerSide?: string };
type AuctionJson = TradeJson & { kind: string };
type QuoteJson = { time: string; bidPrice?: string; bidQuantity?: string; askPrice?: string; askQuantity?: string };

/** An auction; its orders are in the book from `fromMs` on, Unix ms. */
type Auction = { json: AuctionJson; fromMs: number; endMs: number };

const pageSize = 500;
/** How long before an auction's end its orders are to be in the book: a calendar's takes two minutes, a breaker's may be short. */
const orderedMs: Readonly<Record<string, number>> = { AUCTION_KIND_OPENING: 60_000, AUCTION_KIND_CLOSING: 60_000 };
const orderedElseMs = 1_000;
/** For so long at least a book that has closed takes no orders, whatever its quote is then. */
const closedMs = 3_600_000;

/** Trades but for those of auctions. */
export async function* tradesOf(call: Call, range: Range): AsyncGenerator<TapeRow> {
  const { symbol } = range;
  const auctions = new Set((await listAuctions(call, range)).map(({ json }) => `${json.time} ${json.price}`));
  for await (const { time, price, quantity, takerSide } of pagesOf<TradeJson>(call, 'ListTrades', 'trades', range)) {
    if (auctions.has(`${time} ${price}`)) continue;
    const side = takerSide === 'SIDE_SELL' ? 'sell' : 'buy';
    yield { kind: 'trade', timeMs: Date.parse(time), symbol, level: levelOf(price, quantity), side };
  }
}

/** Auctions, each at a time at which it collects orders. */
export async function* auctionsOf(call: Call, range: Range): AsyncGenerator<TapeRow> {
  for (const { json, fromMs } of await listAuctions(call, range)) {
    yield { kind: 'auction', timeMs: fromMs, symbol: range.symbol, level: levelOf(json.price, json.quantity) };
  }
}

/**
 * The best prices of each second in which they changed. While orders are collected they may cross: such ones are left out, and those beside the
 * orders of an auction.
 */
export async function* quotesOf(call: Call, range: Range): AsyncGenerator<TapeRow> {
  const { symbol } = range;
  const auctions = await listAuctions(call, range);
  for await (const quote of pagesOf<QuoteJson>(call, 'ListPastQuotes', 'quotes', range)) {
    const [bid, ask] = [sideOf(quote.bidPrice, quote.bidQuantity), sideOf(quote.askPrice, quote.askQuantity)];
    if (bid && ask && bid.price >= ask.price) continue;
    const timeMs = Date.parse(quote.time);
    if (auctions.some((auction) => isBeside(timeMs, auction))) continue;
    yield { kind: 'quote', timeMs, symbol, bid, ask };
  }
}

/** Whether a quote would take the place of the auction's orders, or comes to a book that has closed. */
function isBeside(timeMs: number, { json, fromMs, endMs }: Auction): boolean {
  return timeMs >= fromMs && timeMs < (json.kind === 'AUCTION_KIND_CLOSING' ? endMs + closedMs : endMs);
}

/** All auctions of the range: some a day. */
async function listAuctions(call: Call, range: Range): Promise<Auction[]> {
  const found: Auction[] = [];
  for await (const json of pagesOf<AuctionJson>(call, 'ListAuctions', 'auctions', range)) {
    const endMs = Date.parse(json.time);
    found.push({ json, endMs, fromMs: endMs - (orderedMs[json.kind] ?? orderedElseMs) });
  }
  return found;
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
