import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  CommandOutcome,
  type CommandResult,
  CommandResultSchema,
  type NewOrder,
  SubmitResponseSchema,
} from '#gen/outcry/exchange/v1/exchange_pb.ts';
import {
  CancelReason,
  type FeedEvent,
  FeedEventSchema,
  FollowResponseSchema,
} from '#gen/outcry/exchange/v1/feed_pb.ts';
import { Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { createFeedWake } from '#platform/feed/wake.ts';
import type { Clients } from '../callees/clients.ts';
import { createFaults, type Faults } from './faults.ts';

type Resting = { order: NewOrder; openLots: bigint };
type EventInit = MessageInitShape<typeof FeedEventSchema>['event'];

/** A small exchange in memory that keeps the contract: every outcome is on its feed and repeated on re-send. */
export type FakeExchange = Pick<Clients, 'exchange' | 'exchangeFeed'> & {
  faults: Faults<'submit' | 'cancel' | 'void'>;
  feed: FeedEvent[];
  /** While true the feed sends nothing. */
  pauseFeed(paused: boolean): void;
  isOpen(orderId: string): boolean;
  /** Symbols without a book. */
  unlisted: Set<string>;
};

/** An empty exchange. It outlives the order service that a test crashes. */
export function createFakeExchange(): FakeExchange {
  const feed: FeedEvent[] = [];
  const outcomes = new Map<string, CommandResult>();
  const books = new Map<string, Resting[]>();
  const voided = new Set<string>();
  const unlisted = new Set<string>();
  const wake = createFeedWake();
  const faults = createFaults<'submit' | 'cancel' | 'void'>();
  let paused = false;
  let trades = 0;

  const emit = (symbol: string, event: EventInit) => {
    const sequence = BigInt(feed.length + 1);
    feed.push(create(FeedEventSchema, { sequence, timeMs: BigInt(Date.now()), symbol, event }));
  };
  const result = (key: string, reason?: ErrorReason) =>
    create(CommandResultSchema, {
      key,
      outcome: reason === undefined ? CommandOutcome.ACCEPTED : CommandOutcome.REJECTED,
      reason,
      feedSequence: BigInt(feed.length),
      revision: 1,
    });
  const once = (key: string, run: () => CommandResult): CommandResult => {
    const known = outcomes.get(key) ?? run();
    outcomes.set(key, known);
    wake.notify();
    return known;
  };
  const reject = ({ orderId, accountId, symbol }: NewOrder, reason: ErrorReason) => {
    emit(symbol, { case: 'rejected', value: { orderId, accountId, reason } });
    return result(orderId, reason);
  };
  const cancel = (resting: Resting, reason: CancelReason) => {
    const { orderId, accountId, symbol } = resting.order;
    books.set(
      symbol,
      (books.get(symbol) ?? []).filter((other) => other !== resting),
    );
    emit(symbol, { case: 'cancelled', value: { orderId, accountId, reason, remainingLots: resting.openLots } });
  };
  const find = (symbol: string, orderId: string) => books.get(symbol)?.find(({ order }) => order.orderId === orderId);

  const submitOne = (order: NewOrder): CommandResult => {
    if (unlisted.has(order.symbol)) {
      return create(CommandResultSchema, {
        key: order.orderId,
        outcome: CommandOutcome.REJECTED,
        reason: ErrorReason.SYMBOL_UNKNOWN,
      });
    }
    return once(order.orderId, () => {
      if (voided.has(order.orderId)) return reject(order, ErrorReason.ORDER_VOIDED);
      const resting: Resting = { order, openLots: order.quantityLots };
      const makers = matching(books.get(order.symbol) ?? [], order);
      const available = makers.reduce((sum, maker) => sum + maker.openLots, 0n);
      if (order.postOnly && available > 0n) return reject(order, ErrorReason.POST_ONLY_WOULD_TRADE);
      if (order.timeInForce === TimeInForce.FOK && available < order.quantityLots) {
        return reject(order, ErrorReason.FILL_OR_KILL_UNFILLED);
      }
      emit(order.symbol, { case: 'accepted', value: { order } });
      for (const maker of makers) tradeWith(maker, resting);
      const book = (books.get(order.symbol) ?? []).filter(({ openLots }) => openLots > 0n);
      books.set(order.symbol, book);
      if (resting.openLots > 0n && order.timeInForce === TimeInForce.GTC) book.push(resting);
      else if (resting.openLots > 0n) cancel(resting, CancelReason.IMMEDIATE);
      return result(order.orderId);
    });
  };
  const tradeWith = (maker: Resting, taker: Resting) => {
    const lots = lesser(maker.openLots, taker.openLots);
    if (lots === 0n) return;
    maker.openLots -= lots;
    taker.openLots -= lots;
    trades += 1;
    const sideOf = ({ order: { orderId, accountId, side }, openLots }: Resting) => ({
      orderId,
      accountId,
      side,
      remainingLots: openLots,
    });
    const trade = { tradeId: `0-${trades}`, priceTicks: maker.order.priceTicks, quantityLots: lots };
    emit(maker.order.symbol, { case: 'traded', value: { ...trade, maker: sideOf(maker), taker: sideOf(taker) } });
  };
  const cancelOne = (commandId: string, symbol: string, orderId: string) =>
    once(commandId, () => {
      const resting = find(symbol, orderId);
      if (resting === undefined) return result(commandId, ErrorReason.ORDER_ALREADY_FINAL);
      cancel(resting, CancelReason.REQUESTED);
      return result(commandId);
    });
  const voidOne = ({ orderId = '', accountId = '', symbol = '' }) =>
    once(`void:${orderId}`, () => {
      voided.add(orderId);
      const resting = find(symbol, orderId);
      if (resting !== undefined) cancel(resting, CancelReason.VOIDED);
      else if (outcomes.has(orderId)) return result(orderId, ErrorReason.ORDER_ALREADY_FINAL);
      else emit(symbol, { case: 'cancelled', value: { orderId, accountId, reason: CancelReason.VOIDED } });
      return result(orderId);
    });

  return {
    faults,
    feed,
    unlisted,
    pauseFeed(value) {
      paused = value;
      wake.notify();
    },
    isOpen: (orderId) => [...books.values()].flat().some(({ order }) => order.orderId === orderId),
    exchange: {
      submit: ({ orders = [] }) =>
        faults.around('submit', () => {
          const results = orders.map((order) => submitOne(order as NewOrder));
          return create(SubmitResponseSchema, { results });
        }),
      cancel: ({ items = [] }) =>
        faults.around('cancel', () => ({
          $typeName: 'outcry.exchange.v1.CancelResponse' as const,
          results: items.map(({ commandId = '', symbol = '', orderId = '' }) => cancelOne(commandId, symbol, orderId)),
        })),
      void: ({ items = [] }) =>
        faults.around('void', () => ({
          $typeName: 'outcry.exchange.v1.VoidResponse' as const,
          results: items.map(voidOne),
        })),
    },
    exchangeFeed: {
      async *follow({ afterSequence = 0n }, { signal = new AbortController().signal } = {}) {
        let position = afterSequence;
        while (!signal.aborted) {
          const waiting = wake.wait(signal);
          const events = paused ? [] : feed.slice(Number(position), Number(position) + 100);
          if (events.length === 0) await waiting;
          else yield create(FollowResponseSchema, { events, headSequence: BigInt(feed.length), epoch: 'e1' });
          position += BigInt(events.length);
        }
      },
    },
  };
}

function matching(book: Resting[], { side, priceTicks }: NewOrder): Resting[] {
  const buys = side === Side.BUY;
  const sign = buys ? 1n : -1n;
  return book
    .filter(({ order }) => order.side !== side && (priceTicks - order.priceTicks) * sign >= 0n)
    .sort((a, b) => Number((a.order.priceTicks - b.order.priceTicks) * sign));
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
