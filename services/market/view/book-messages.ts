/** The messages of a book. */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Depth, DepthSchema, type Quote, QuoteSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { CENT_SCALE, formatDecimal } from '#platform/money/decimal.ts';
import { indicativeAuction } from '../domain/auction-price.ts';
import type { Level } from '../domain/book-side.ts';
import { changeBps } from '../domain/change.ts';
import { dayStatistics } from '../domain/day-statistics.ts';
import { priceText, quantityText } from '../domain/instrument.ts';
import { interruptionFields } from '../rpc/messages/interruption-message.ts';
import type { SymbolView } from './symbol-view.ts';

/** The current quote of the book. */
export function quoteOf(view: SymbolView): Quote {
  const { symbol, steps, last, state, sequence } = view;
  const bid = view.bids.levels[0];
  const ask = view.asks.levels[0];
  const { referenceTicks, volumeLots } = dayStatistics(view.day, view.recent);
  const volume = quantityText(volumeLots, steps);
  const quote = create(QuoteSchema, { symbol, state, sequence, volume, ...interruptionFields(view) });
  if (bid !== undefined) {
    quote.bidPrice = priceText(bid.priceTicks, steps);
    quote.bidQuantity = quantityText(bid.quantityLots, steps);
  }
  if (ask !== undefined) {
    quote.askPrice = priceText(ask.priceTicks, steps);
    quote.askQuantity = quantityText(ask.quantityLots, steps);
  }
  if (referenceTicks !== undefined) quote.referencePrice = priceText(referenceTicks, steps);
  if (collecting.has(state)) addAuction(quote, view);
  if (last === undefined) return quote;
  quote.lastPrice = priceText(last.priceTicks, steps);
  if (last.quantityLots !== undefined) quote.lastQuantity = quantityText(last.quantityLots, steps);
  if (last.timeMs !== undefined) quote.lastTradeTime = timestampFromMs(last.timeMs);
  if (referenceTicks !== undefined) {
    quote.changePercent = formatDecimal(changeBps(last.priceTicks, referenceTicks), CENT_SCALE, CENT_SCALE);
  }
  return quote;
}

/** The states in which orders are collected for an auction. */
const collecting: ReadonlySet<TradingState> = new Set([
  TradingState.PRE_OPEN,
  TradingState.OPENING_AUCTION,
  TradingState.CLOSING_AUCTION,
]);

function addAuction(quote: Quote, { bids, asks, last, listedTicks, steps }: SymbolView): void {
  const auction = indicativeAuction(bids.levels, asks.levels, last?.priceTicks ?? listedTicks);
  if (auction === undefined) return;
  const { priceTicks, quantityLots, surplusLots } = auction;
  quote.indicativePrice = priceText(priceTicks, steps);
  quote.indicativeQuantity = quantityText(quantityLots, steps);
  if (surplusLots === 0n) return;
  quote.imbalanceSide = surplusLots > 0n ? Side.BUY : Side.SELL;
  quote.imbalanceQuantity = quantityText(surplusLots > 0n ? surplusLots : -surplusLots, steps);
}

/** The best `levels` of both sides. */
export function depthOf(view: SymbolView, levels: number): Depth {
  const side = (all: readonly Level[]) =>
    all.slice(0, levels).map(({ priceTicks, quantityLots, orderCount }) => ({
      price: priceText(priceTicks, view.steps),
      quantity: quantityText(quantityLots, view.steps),
      orderCount,
    }));
  const { symbol, sequence, bids, asks, book } = view;
  const complete = book.isComplete && bids.levels.length <= levels && asks.levels.length <= levels;
  return create(DepthSchema, {
    symbol,
    sequence,
    bids: side(bids.levels),
    asks: side(asks.levels),
    bookChecksum: book.checksum,
    complete,
  });
}
