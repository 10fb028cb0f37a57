import { CommandOutcome, type CommandResult } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { type Batcher, createBatcher, type Withdrawal } from '#platform/batch/batcher.ts';
import { isItemFault } from '#platform/batch/item-fault.ts';
import type { Clock } from '#platform/clock/clock.ts';
import { internal } from '#platform/errors/outcry-error.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { ExchangeAnswer } from '../domain/apply-answer.ts';
import type { Order } from '../domain/order.ts';
import { type NumberedReplace, replaceCommandId } from '../domain/replace.ts';
import { toNewOrder } from '../rpc/messages/new-order.ts';
import { toRefusal } from '../rpc/messages/reasons.ts';
import type { Clients } from './clients.ts';

/** Until when a command is sent; `untilMs` is in Unix milliseconds. */
export type SendTime = Withdrawal & { readonly untilMs: number };

/**
 * Commands to the exchange, in groups by shard. Each is keyed by the order's id: it may be sent again. One whose time is over before its group
 * is sent rejects CANCELLED.
 */
export type ExchangeCommands = AsyncDisposable & {
  /** An immediate order does not enter the book after the time, however late the Submit arrives. Repeats must have the same time. */
  submit(order: Order, time: SendTime): Promise<ExchangeAnswer>;
  /** How the exchange would answer a new order now: its refusal, if any. */
  preview(order: Order): Promise<Pick<ExchangeAnswer, 'refusal'>>;
  cancel(order: Order, time?: Withdrawal): Promise<ExchangeAnswer>;
  /** Keyed by the number of the change. */
  replace(change: OrderChange, time: Withdrawal): Promise<ExchangeAnswer>;
  void(order: Order): Promise<ExchangeAnswer>;
};

/** A change that was begun, and its order. */
export type OrderChange = { order: Order; replace: NumberedReplace };

type Command = 'submit' | 'cancel' | 'void';
/** `endMs` is the market's time from which an immediate order does not enter its book; 0: it always does. */
type Item = { order: Order; endMs: number };
type Sent = Promise<{ results: CommandResult[] }>;

const itemsMax = 500;
const queueLengthMax = 10_000;
const timeoutMs = 1_500;

/** Sends one group at a time for each kind of command and shard, so that the orders of an account stay in sequence. */
export function createExchangeCommands(options: {
  exchange: Clients['exchange'];
  clock: Pick<Clock, 'endAt'>;
  metrics?: Metrics;
}): ExchangeCommands {
  const { exchange, clock, metrics } = options;
  const send: Record<Command, (items: Item[]) => Sent> = {
    submit: (items) => exchange.submit({ orders: items.map(toSubmitted) }, { timeoutMs }),
    cancel: (items) => exchange.cancel({ items: items.map(toCancelItem) }, { timeoutMs }),
    void: (items) => exchange.void({ items: items.map(toVoidItem) }, { timeoutMs }),
  };
  const sendChanges = (changes: OrderChange[]): Sent =>
    exchange.replace({ items: changes.map(toReplaceItem) }, { timeoutMs });
  const batchers = new Map<string, Batcher<Item, ExchangeAnswer>>();
  const changes = new Map<string, Batcher<OrderChange, ExchangeAnswer>>();
  const batcherIn = <I>(made: Map<string, Batcher<I, ExchangeAnswer>>, name: string, sendAll: (items: I[]) => Sent) => {
    const found = made.get(name);
    if (found !== undefined) return found;
    const flush = async (items: I[]) => (await sendAll(items)).results.map(toAnswer);
    const batcher = createBatcher({ name, itemsMax, queueLengthMax, metrics, flush, isItemFault });
    made.set(name, batcher);
    return batcher;
  };
  const batcherOf = (command: Command, shard: number) =>
    batcherIn(batchers, `order_${command}_${shard}`, send[command]);
  return {
    submit: (order, time) => batcherOf('submit', order.shard).submit({ order, endMs: clock.endAt(time.untilMs) }, time),
    async preview(order) {
      const { result } = await exchange.previewSubmit({ order: toNewOrder(order, 0) }, { timeoutMs });
      if (result === undefined) throw internal();
      return toAnswer(result);
    },
    cancel: (order, time) => batcherOf('cancel', order.shard).submit({ order, endMs: 0 }, time),
    replace: (change, time) =>
      batcherIn(changes, `order_replace_${change.order.shard}`, sendChanges).submit(change, time),
    void: (order) => batcherOf('void', order.shard).submit({ order, endMs: 0 }),
    async [Symbol.asyncDispose]() {
      await Promise.all([...batchers.values(), ...changes.values()].map((batcher) => batcher[Symbol.asyncDispose]()));
    },
  };
}

/** An outcome, from proto to domain. */
export function toAnswer(result: CommandResult): ExchangeAnswer {
  const { outcome, reason, metadata, feedSequence, tradedLots, tradedValue, restingLots } = result;
  const accepted = outcome === CommandOutcome.ACCEPTED;
  const refusal = accepted ? undefined : toRefusal(reason, metadata);
  return { refusal, feedSequence, tradedLots, tradedValue, restingLots, timeMs: Number(result.timeMs) };
}

function toSubmitted({ order, endMs }: Item) {
  return toNewOrder(order, endMs);
}

function toVoidItem({ order: { orderId, accountId, symbol } }: Pick<Item, 'order'>) {
  return { orderId, accountId, symbol };
}

// The stored terms and not those of the order now: a command id has one body.
function toReplaceItem({ order, replace }: OrderChange) {
  const { number, expectedRevision, priceTicks, quantityLots, stopTicks = 0n, specials } = replace;
  const commandId = replaceCommandId({ orderId: order.orderId, number });
  const { expireTimeMs = 0, ...trail } = specials ?? {};
  const terms = { priceTicks, quantityLots, stopPriceTicks: stopTicks, ...trail, expireTimeMs: BigInt(expireTimeMs) };
  return { commandId, ...toVoidItem({ order }), expectedRevision, ...terms };
}

// A cancel is sent only for an order that the feed has opened, so its outcome never changes and the order's id makes its key.
function toCancelItem(item: Item) {
  return { commandId: `cancel:${item.order.orderId}`, ...toVoidItem(item) };
}
