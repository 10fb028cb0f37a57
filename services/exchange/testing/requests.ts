/** Requests and reads of the feed that several tests share. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListingSchema, NewOrderSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { ExchangeClients } from './running-exchange.ts';

/** The fields of an order message. */
export type OrderInit = MessageInitShape<typeof NewOrderSchema>;

/** The terms of ACME: a tick of a cent, a lot of one share. */
export const acme: MessageInitShape<typeof ListingSchema> = {
  symbol: 'ACME',
  tickSize: '0.01',
  lotSize: '1',
  currency: 'USD',
  bandBps: 0,
  referencePriceTicks: 100n,
};

/** A limit order of ACME: 10 lots at 100 with a fresh id, by account `buyer` or `seller`. */
export function newOrder(side: 'buy' | 'sell', terms: OrderInit = {}): OrderInit {
  return {
    orderId: uuidV7(),
    accountId: side === 'buy' ? 'buyer' : 'seller',
    symbol: 'ACME',
    side: side === 'buy' ? Side.BUY : Side.SELL,
    type: OrderType.LIMIT,
    timeInForce: TimeInForce.GTC,
    priceTicks: 100n,
    quantityLots: 10n,
    ...terms,
  };
}

/** The feed's events after a sequence, up to and including `last`. */
export async function readFeed(clients: ExchangeClients, after: bigint, last: bigint): Promise<FeedEvent[]> {
  const events: FeedEvent[] = [];
  const stop = new AbortController();
  if (after >= last) return events;
  for await (const page of clients.feed.follow({ shard: 0, afterSequence: after }, { signal: stop.signal })) {
    events.push(...page.events);
    if ((events.at(-1)?.sequence ?? 0n) >= last) break;
  }
  stop.abort();
  return events;
}
