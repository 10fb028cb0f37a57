import type { Batcher } from '#platform/batch/batcher.ts';
import { createBatcher } from '#platform/batch/batcher.ts';
import { isItemFault } from '#platform/batch/item-fault.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { ExchangeAnswer } from '../domain/apply-answer.ts';
import type { ListLegs } from '../domain/list-legs.ts';
import { toOrderList } from '../rpc/messages/new-order.ts';
import type { Clients } from './clients.ts';
import { type SendTime, toAnswer } from './exchange-commands.ts';

/** Lists on their way to the exchange, in groups by shard. Keyed by the list's id: one may be sent again. */
export type ListCommands = AsyncDisposable & {
  /** Submits a list, as a whole or not at all. A list for the moment does not enter the book after the time. */
  submit(legs: ListLegs, time: SendTime): Promise<ExchangeAnswer>;
};

type Item = { legs: ListLegs; untilMs: number };

const itemsMax = 150;
const queueLengthMax = 5_000;
const timeoutMs = 1_500;

/** Sends one group at a time for each shard. */
export function createListCommands(options: { exchange: Clients['exchange']; metrics?: Metrics }): ListCommands {
  const { exchange, metrics } = options;
  const batchers = new Map<number, Batcher<Item, ExchangeAnswer>>();
  const flush = async (items: Item[]) => {
    const lists = items.map(({ legs, untilMs }) => toOrderList(legs, untilMs));
    return (await exchange.submitList({ lists }, { timeoutMs })).results.map(toAnswer);
  };
  const batcherOf = (shard: number) => {
    const found = batchers.get(shard);
    if (found !== undefined) return found;
    const name = `order_submit_list_${shard}`;
    const made = createBatcher({ name, itemsMax, queueLengthMax, metrics, flush, isItemFault });
    batchers.set(shard, made);
    return made;
  };
  return {
    submit: (legs, time) => batcherOf(legs[0].shard).submit({ legs, untilMs: time.untilMs }, time),
    async [Symbol.asyncDispose]() {
      await Promise.all([...batchers.values()].map((batcher) => batcher[Symbol.asyncDispose]()));
    },
  };
}
