import { CommandOutcome, type CommandResult } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { OrderType, SelfTradePrevention } from '#gen/outcry/trading/v1/trading_pb.ts';
import { type Batcher, createBatcher } from '#platform/batch/batcher.ts';
import { internal } from '#platform/errors/outcry-error.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { ExchangeAnswer } from '../domain/apply-answer.ts';
import type { Order } from '../domain/order.ts';
import { toSide, toTimeInForce } from '../rpc/messages/enums.ts';
import { toRefusal } from '../rpc/messages/reasons.ts';
import type { Clients } from './clients.ts';

/** Commands to the exchange, in groups by shard. Each is keyed by the order's id: it may be sent again. */
export type ExchangeCommands = AsyncDisposable & {
  submit(order: Order): Promise<ExchangeAnswer>;
  /** How the exchange would answer a new order now: its refusal, if any. */
  preview(order: Order): Promise<Pick<ExchangeAnswer, 'refusal'>>;
  cancel(order: Order): Promise<ExchangeAnswer>;
  void(order: Order): Promise<ExchangeAnswer>;
};

type Command = 'submit' | 'cancel' | 'void';
type Send = (orders: Order[]) => Promise<{ results: CommandResult[] }>;

const itemsMax = 500;
const queueLengthMax = 10_000;
const timeoutMs = 1_500;

/** Sends one group at a time for each kind of command and shard, so that the orders of an account stay in sequence. */
export function createExchangeCommands(options: {
  exchange: Clients['exchange'];
  metrics?: Metrics;
}): ExchangeCommands {
  const { exchange, metrics } = options;
  const send: Record<Command, Send> = {
    submit: (orders) => exchange.submit({ orders: orders.map(toNewOrder) }, { timeoutMs }),
    cancel: (orders) => exchange.cancel({ items: orders.map(toCancelItem) }, { timeoutMs }),
    void: (orders) => exchange.void({ items: orders.map(toVoidItem) }, { timeoutMs }),
  };
  const batchers = new Map<string, Batcher<Order, ExchangeAnswer>>();
  const batcherOf = (command: Command, shard: number) => {
    const name = `order_${command}_${shard}`;
    const found = batchers.get(name);
    if (found !== undefined) return found;
    const flush = async (orders: Order[]) => (await send[command](orders)).results.map(toAnswer);
    const made = createBatcher({ name, itemsMax, queueLengthMax, metrics, flush });
    batchers.set(name, made);
    return made;
  };
  return {
    submit: (order) => batcherOf('submit', order.shard).submit(order),
    async preview(order) {
      const { result } = await exchange.previewSubmit({ order: toNewOrder(order) }, { timeoutMs });
      if (result === undefined) throw internal();
      return toAnswer(result);
    },
    cancel: (order) => batcherOf('cancel', order.shard).submit(order),
    void: (order) => batcherOf('void', order.shard).submit(order),
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

function toNewOrder(order: Order) {
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
  };
}

function toVoidItem({ orderId, accountId, symbol }: Order) {
  return { orderId, accountId, symbol };
}

// A cancel is sent only for an order that the feed has opened, so its outcome never changes and the order's id makes its key.
function toCancelItem(order: Order) {
  return { commandId: `cancel:${order.orderId}`, ...toVoidItem(order) };
}
