/** Feed messages for tests. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type FeedEventSchema,
  type FollowResponse,
  FollowResponseSchema,
  type GetBooksResponse,
  GetBooksResponseSchema,
} from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side, TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';

type EventInit = MessageInitShape<typeof FeedEventSchema>;

/** The terms of test symbols: tick 0.01, lot 1. */
export const listing = { tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 0, referencePriceTicks: 100n };

/** A run of events with consecutive sequences from `first`. */
export function follow(first: number, events: EventInit[], epoch = 'epoch-1'): FollowResponse {
  const numbered = events.map((event, index) => ({ ...event, sequence: BigInt(first + index) }));
  return create(FollowResponseSchema, { events: numbered, epoch, headSequence: BigInt(first + events.length - 1) });
}

/** A trade whose taker bought. */
export function traded(symbol: string, price: number, lots: number, timeMs = 60_000): EventInit {
  const value = { tradeId: `0-${symbol}-${timeMs}-${price}`, priceTicks: BigInt(price), quantityLots: BigInt(lots) };
  return { symbol, timeMs: BigInt(timeMs), event: { case: 'traded', value: { ...value, taker: { side: Side.BUY } } } };
}

/** A price level after a command. */
export function level(symbol: string, side: Side, price: number, lots: number): EventInit {
  const value = { side, priceTicks: BigInt(price), quantityLots: BigInt(lots), orderCount: lots > 0 ? 1 : 0 };
  return { symbol, timeMs: 60_000n, event: { case: 'levelChanged', value } };
}

/** Empty books of these symbols at a sequence. */
export function books(sequence: number, symbols: string[], epoch = 'epoch-1'): GetBooksResponse {
  return create(GetBooksResponseSchema, {
    sequence: BigInt(sequence),
    epoch,
    books: symbols.map((symbol) => ({ listing: { ...listing, symbol }, state: TradingState.CONTINUOUS })),
  });
}
