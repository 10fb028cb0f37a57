import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { HoldResult } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { createBatcher, type Withdrawal } from '#platform/batch/batcher.ts';
import { isItemFault } from '#platform/batch/item-fault.ts';
import { internal, unavailable } from '#platform/errors/outcry-error.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { type ListLegs, orderedLots } from '../domain/list-legs.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { replaceCommandId } from '../domain/replace.ts';
import { toListType } from '../rpc/messages/enums.ts';
import { toHoldTerms } from '../rpc/messages/hold-terms.ts';
import { toRefusal } from '../rpc/messages/reasons.ts';
import type { Clients } from './clients.ts';
import type { OrderChange } from './exchange-commands.ts';

/** The ledger's answer; no refusal means that the hold stands. */
export type HoldAnswer = { refusal: Refusal | undefined };

/** A change that was begun, and its order, with the greatest position of a buy in millionths of a share; undefined: no limit. */
export type HoldAmendment = OrderChange & { positionMaxMicros: bigint | undefined };

/** Holds at the ledger, keyed by order id: a call may be repeated. */
export type Holds = AsyncDisposable & {
  /** Takes the hold of an order. Concurrent calls share one call of the ledger; rejects CANCELLED when the time was over before that. */
  place(order: Order, time: Withdrawal): Promise<HoldAnswer>;
  /** Lets the hold of an order pay for a change of it. Rejects UNAVAILABLE while the ledger does not know the outcome of the change before. */
  amend(amendment: HoldAmendment, time: Withdrawal): Promise<HoldAnswer>;
  /** How the ledger would answer a new order now; nothing is held. */
  preview(order: Order): Promise<HoldAnswer>;
  /** Takes the holds of a list, all of them or none. */
  placeList(legs: ListLegs, time: Withdrawal): Promise<HoldAnswer>;
  /** How the ledger would answer a new list now; nothing is held. */
  previewList(legs: ListLegs): Promise<HoldAnswer>;
  /** Releases the hold of an order; an id that the ledger does not know is closed, so that a late PlaceHolds is refused. */
  release(orderId: string): Promise<void>;
  /** The same for the orders of a list. */
  releaseAll(orderIds: readonly string[]): Promise<void>;
};

const itemsMax = 500;
// Of up to three orders each.
const listsMax = 150;
const queueLengthMax = 10_000;
const timeoutMs = 1_500;

/** Calls the ledger, with at most two groups of holds at a time. */
export function createHolds(options: { ledger: Clients['ledger']; metrics?: Metrics }): Holds {
  const { ledger, metrics } = options;
  const batcher = createBatcher<Order, HoldAnswer>({
    name: 'order_holds',
    itemsMax,
    queueLengthMax,
    concurrency: 2,
    metrics,
    isItemFault,
    flush: async (orders) => {
      const { results } = await ledger.placeHolds({ items: orders.map(toHoldItem) }, { timeoutMs });
      return results.map(toAnswer);
    },
  });
  const amendments = createBatcher<HoldAmendment, HoldAnswer | undefined>({
    name: 'order_amendments',
    itemsMax,
    queueLengthMax,
    metrics,
    isItemFault,
    flush: async (items) => {
      const { results } = await ledger.amendHolds({ items: items.map(toAmendItem) }, { timeoutMs });
      return results.map((result) => (isUndecided(result) ? undefined : toAnswer(result)));
    },
  });
  const lists = createBatcher<ListLegs, HoldAnswer>({
    name: 'order_list_holds',
    itemsMax: listsMax,
    queueLengthMax,
    metrics,
    isItemFault,
    flush: async (group) => {
      const { results } = await ledger.placeHolds({ items: group.flatMap(toListItems) }, { timeoutMs });
      const answers = results.map(toAnswer).values();
      // All orders of a list have the same result.
      return group.map((legs) => legs.map(() => answers.next().value as HoldAnswer)[0] as HoldAnswer);
    },
  });
  return {
    place: (order, time) => batcher.submit(order, time),
    async amend(amendment, time) {
      const answer = await amendments.submit(amendment, time);
      if (answer === undefined) throw unavailable(undefined, 'the ledger has not settled the change before yet');
      return answer;
    },
    async preview(order) {
      const { result } = await ledger.previewHold({ item: toHoldItem(order) }, { timeoutMs });
      if (result === undefined) throw internal();
      return toAnswer(result);
    },
    placeList: (legs, time) => lists.submit(legs, time),
    async previewList(legs) {
      const { result } = await ledger.previewHold({ list: toListItems(legs) }, { timeoutMs });
      if (result === undefined) throw internal();
      return toAnswer(result);
    },
    async release(orderId) {
      await ledger.releaseHolds({ orderIds: [orderId] }, { timeoutMs });
    },
    async releaseAll(orderIds) {
      await ledger.releaseHolds({ orderIds: [...orderIds] }, { timeoutMs });
    },
    async [Symbol.asyncDispose]() {
      await batcher[Symbol.asyncDispose]();
      await amendments[Symbol.asyncDispose]();
      await lists[Symbol.asyncDispose]();
    },
  };
}

function toAnswer({ held, reason, metadata }: HoldResult): HoldAnswer {
  return { refusal: held ? undefined : toRefusal(reason, metadata) };
}

function isUndecided({ held, reason }: HoldResult): boolean {
  return !held && reason === ErrorReason.DEPENDENCY_UNAVAILABLE;
}

function toAmendItem({ order, replace, positionMaxMicros }: HoldAmendment) {
  const { orderId, accountId } = order;
  const { number, quantityLots, priceTicks } = replace;
  return {
    orderId,
    accountId,
    number,
    commandId: replaceCommandId({ orderId, number }),
    quantityLots,
    priceTicks,
    positionLimitMicros: order.side === 'buy' ? positionMaxMicros : undefined,
  };
}

function toListItems(legs: ListLegs) {
  const quantityLots = orderedLots(legs);
  return legs.map((order) => ({
    ...toHoldItem(order),
    quantityLots,
    listId: order.leg.listId,
    listType: toListType[order.leg.type],
    listIndex: order.leg.index,
  }));
}

function toHoldItem(order: Order) {
  const limit = order.side === 'buy' ? order.positionMaxMicros : undefined;
  return {
    ...toHoldTerms(order),
    // A ledger of the release before reads this one, in which 0 is no limit and 1 the strictest there is.
    positionMaxMicros: limit === 0n ? 1n : (limit ?? 0n),
    positionLimitMicros: limit,
  };
}
