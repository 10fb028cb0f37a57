/** From the domain to the messages of the contract. */
import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { CandleInterval as ContractInterval, type Trade, TradeSchema } from '#gen/outcry/market/v1/market_pb.ts';
import type { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { EncodedMessage } from '#platform/rpc/server.ts';
import type { Candle, CandleInterval, CandleTrade } from '../../domain/candle.ts';
import { averagePriceText, priceText, quantityText, type Steps } from '../../domain/instrument.ts';

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
  vwap: string;
  multiple: number;
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

/** A candle of so many intervals with its prices in dollars. */
export function candleMessageOf(candle: Candle, steps: Steps, multiple = 1): CandleMessage {
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
    vwap: candle.pricedLots === candle.volumeLots ? averagePriceText(candle.turnover, candle.volumeLots, steps) : '',
    multiple,
  };
}

/** The interval that a request names; unspecified is one minute. Undefined for an unknown number. */
export function intervalOf(requested: ContractInterval): CandleInterval | undefined {
  if (requested === ContractInterval.CANDLE_INTERVAL_UNSPECIFIED) return '1m';
  const entries = Object.entries(contractIntervals) as [CandleInterval, ContractInterval][];
  return entries.find(([, interval]) => interval === requested)?.[0];
}
