/** From views to the messages of the contract. */
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  CandleInterval as ContractInterval,
  type Depth,
  DepthSchema,
  type Quote,
  QuoteSchema,
  type Trade,
  TradeSchema,
} from '#gen/outcry/market/v1/market_pb.ts';
import type { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { CASH_SCALE, formatDecimal } from '#platform/money/decimal.ts';
import { EncodedMessage } from '#platform/rpc/server.ts';
import type { Level } from '../domain/book-side.ts';
import type { Candle, CandleInterval, CandleTrade } from '../domain/candle.ts';
import { changeBps } from '../domain/change.ts';
import { dayStatistics } from '../domain/day-statistics.ts';
import { priceText, quantityText, type Steps } from '../domain/instrument.ts';
import type { SymbolView } from './symbol-view.ts';

/** A candle of the contract. */
export type CandleMessage = {
  symbol: string;
  startTime: ReturnType<typeof timestampFromMs>;
  open: string;
  high: string;
  low: string;
  close: string;
  volume: string;
  tradeCount: bigint;
  interval: ContractInterval;
};

const contractIntervals: Record<CandleInterval, ContractInterval> = {
  '1s': ContractInterval.CANDLE_INTERVAL_1S,
  '1m': ContractInterval.CANDLE_INTERVAL_1M,
  '5m': ContractInterval.CANDLE_INTERVAL_5M,
  '1h': ContractInterval.CANDLE_INTERVAL_1H,
  '1d': ContractInterval.CANDLE_INTERVAL_1D,
};

/** Serialises a message that goes to many streams. */
export function encode<S extends DescMessage>(schema: S, init: MessageInitShape<S>): EncodedMessage {
  return new EncodedMessage(toBinary(schema, create(schema, init)));
}

/** The quote of the book as it stands. */
export function quoteOf(view: SymbolView): Quote {
  const { symbol, steps, last, state, sequence } = view;
  const bid = view.bids.levels[0];
  const ask = view.asks.levels[0];
  const { referenceTicks, volumeLots } = dayStatistics(view.day, view.recent);
  const quote = create(QuoteSchema, { symbol, state, sequence, volume: quantityText(volumeLots, steps) });
  if (bid !== undefined) {
    quote.bidPrice = priceText(bid.priceTicks, steps);
    quote.bidQuantity = quantityText(bid.quantityLots, steps);
  }
  if (ask !== undefined) {
    quote.askPrice = priceText(ask.priceTicks, steps);
    quote.askQuantity = quantityText(ask.quantityLots, steps);
  }
  if (referenceTicks !== undefined) quote.referencePrice = priceText(referenceTicks, steps);
  if (last === undefined) return quote;
  quote.lastPrice = priceText(last.priceTicks, steps);
  if (last.quantityLots !== undefined) quote.lastQuantity = quantityText(last.quantityLots, steps);
  if (last.timeMs !== undefined) quote.lastTradeTime = timestampFromMs(last.timeMs);
  if (referenceTicks !== undefined) {
    quote.changePercent = formatDecimal(changeBps(last.priceTicks, referenceTicks), CASH_SCALE);
  }
  return quote;
}

/** The best `levels` of both sides. */
export function depthOf(view: SymbolView, levels: number): Depth {
  const side = (all: readonly Level[]) =>
    all.slice(0, levels).map(({ priceTicks, quantityLots, orderCount }) => ({
      price: priceText(priceTicks, view.steps),
      quantity: quantityText(quantityLots, view.steps),
      orderCount,
    }));
  const { symbol, sequence, bids, asks } = view;
  return create(DepthSchema, { symbol, sequence, bids: side(bids.levels), asks: side(asks.levels) });
}

/** A trade without its owners. */
export function tradeOf(trade: CandleTrade & { tradeId: string; takerSide: Side }, steps: Steps): Trade {
  return create(TradeSchema, {
    tradeId: trade.tradeId,
    symbol: trade.symbol,
    price: priceText(trade.priceTicks, steps),
    quantity: quantityText(trade.quantityLots, steps),
    takerSide: trade.takerSide,
    time: timestampFromMs(trade.timeMs),
  });
}

/** A candle with its prices in dollars. */
export function candleMessageOf(candle: Candle, steps: Steps): CandleMessage {
  const price = (ticks: bigint) => priceText(ticks, steps);
  return {
    symbol: candle.symbol,
    startTime: timestampFromMs(candle.startMs),
    open: price(candle.open),
    high: price(candle.high),
    low: price(candle.low),
    close: price(candle.close),
    volume: quantityText(candle.volumeLots, steps),
    tradeCount: candle.tradeCount,
    interval: contractIntervals[candle.interval],
  };
}

/** The interval that a request names; unspecified is one minute. Undefined for a number that is none. */
export function intervalOf(requested: ContractInterval): CandleInterval | undefined {
  if (requested === ContractInterval.CANDLE_INTERVAL_UNSPECIFIED) return '1m';
  const entries = Object.entries(contractIntervals) as [CandleInterval, ContractInterval][];
  return entries.find(([, interval]) => interval === requested)?.[0];
}
