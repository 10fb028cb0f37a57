import { CommandOutcome, type CommandResult } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { OrderType, SelfTradePrevention } from '#gen/outcry/trading/v1/trading_pb.ts';
import { type Batcher, createBatcher, type Withdrawal } from '#platform/batch/batcher.ts';
import { isItemFault } from '#platform/batch/item-fault.ts';
import type { Clock } from '#platform/clock/clock.ts';
import { internal } from '#platform/errors/outcry-error.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { ExchangeAnswer } from '../domain/apply-answer.ts';
import { isImmediate, type Order } from '../domain/order.ts';
import { toSide, toTimeInForce } from '../rpc/messages/enums.ts';
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
  void(order: Order): Promise<ExchangeAnswer>;
};

type Command = 'submit' | 'cancel' | 'void';
/** `endMs` is the market's time from which an immediate order does not enter its book; 0: it always does. */
type Item = { order: Order; endMs: number };
type Send = (items: Item[]) => Promise<{ results: CommandResult[] }>;

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
  const send: Record<Command, Send> = {
    submit: (items) => exchange.submit({ orders: items.map(toNewOrder) }, { timeoutMs }),
    cancel: (items) => exchange.cancel({ items: items.map(toCancelItem) }, { timeoutMs }),
    void: (items) => exchange.void({ items: items.map(toVoidItem) }, { timeoutMs }),
  };
  const batchers = new Map<string, Batcher<Item, ExchangeAnswer>>();
  const batcherOf = (command: Command, shard: number) => {
    const name = `order_${command}_${shard}`;
    const found = batchers.get(name);
    if (found !== undefined) return found;
    const flush = async (items: Item[]) => (await send[command](items)).results.map(toAnswer);
    const made = createBatcher({ name, itemsMax, queueLengthMax, metrics, flush, isItemFault });
    batchers.set(name, made);
    return made;
  };
  return {
    submit: (order, time) => batcherOf('submit', order.shard).submit({ order, endMs: clock.endAt(time.untilMs) }, time),
    async preview(order) {
      const { result } = await exchange.previewSubmit({ order: toNewOrder({ order, endMs: 0 }) }, { timeoutMs });
      if (result === undefined) throw internal();
      return toAnswer(result);
    },
    cancel: (order, time) => batcherOf('cancel', order.shard).submit({ order, endMs: 0 }, time),
    void: (order) => batcherOf('void', order.shard).submit({ order, endMs: 0 }),
    async [Symbol.asyncDispose]() {
      await Promise.all([...batchers.values()].map((batcher) => batcher[Symbol.asyncDispose]()));
    },
  };
}

function toAnswer(result: CommandResult): ExchangeAnswer {
  const { outcome, reason, metadata, feedSequence, tradedLots, tradedValue, restingLots } = result;
  const accepted = outcome === CommandOutcome.ACCEPTED;
  const refusal = accepted ? undefined : toRefusal(reason, metadata);
  return { refusal, feedSequence, tradedLots, tradedValue, restingLots, timeMs: Number(result.timeMs) };
}

function toNewOrder({ order, endMs }: Item) {
  return {
    orderId: order.orderId,
    accountId: order.accountId,
    symbol: order.symbol,
    side: toSide[order.side],
    // The exchange takes priced orders only: a market order is a limit order at its protection price that does not rest.
    type: OrderType.LIMIT,
    timeInForce: toTimeInForce[order.timeInForce],
    priceTicks: order.priceTicks,
    quantityLots: order.quantityLots,
    postOnly: order.postOnly,
    selfTradePrevention: SelfTradePrevention.CANCEL_NEWEST,
    expireTimeMs: isImmediate(order) ? BigInt(endMs) : 0n,
  };
}

function toVoidItem({ order: { orderId, accountId, symbol } }: Item) {
  return { orderId, accountId, symbol };
}

// A cancel is sent only for an order that the feed has opened, so its outcome never changes and the order's id makes its key.
function toCancelItem(item: Item) {
  return { commandId: `cancel:${item.order.orderId}`, ...toVoidItem(item) };
}
