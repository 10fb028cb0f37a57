import { createBatcher } from '#platform/batch/batcher.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { HoldRequest } from '../domain/admit-hold.ts';
import type { ListRequest } from '../domain/admit-list.ts';
import type { AmendOutcome, AmendRequest } from '../domain/amend-hold.ts';
import { amendHolds } from './amend-holds.ts';
import { type HoldOutcome, placeHolds } from './place-holds.ts';
import { placeLists } from './place-lists.ts';
import { releaseHolds } from './release-holds.ts';

/** Takes, amends and releases holds; calls that arrive together share a transaction. */
export type HoldBatcher = AsyncDisposable & {
  /** One outcome for each request, in order. Admitted in this order. */
  place(requests: HoldRequest[], signal: AbortSignal): Promise<HoldOutcome[]>;
  /** Lets holds pay for what their orders may become; one outcome for each request, in order. */
  amend(requests: AmendRequest[], signal: AbortSignal): Promise<AmendOutcome[]>;
  /** One outcome for each list, in order. */
  placeLists(requests: ListRequest[], signal: AbortSignal): Promise<HoldOutcome[]>;
  release(orderIds: string[], signal: AbortSignal): Promise<void>;
};

const groupMax = 1_000;
const listGroupMax = 200;
const queueLengthMax = 20_000;

/** A batcher over the ledger's database. Full queues refuse with RESOURCE_EXHAUSTED. */
export function createHoldBatcher(options: { db: Database; nowMs: () => number; metrics: Metrics }): HoldBatcher {
  const { db, nowMs, metrics } = options;
  const outcomes = metrics.counter({
    name: 'outcry_ledger_holds_total',
    help: 'Requested holds, by outcome.',
    labels: ['outcome'],
  });
  // One group at a time: groups of the same accounts would only wait for each other's rows, and lose their order.
  const bounds = { itemsMax: groupMax, queueLengthMax, concurrency: 1, metrics };
  const places = createBatcher<HoldRequest, HoldOutcome>({
    ...bounds,
    name: 'place_holds',
    flush: (requests) => placeHolds(db, requests, nowMs()),
  });
  const lists = createBatcher<ListRequest, HoldOutcome>({
    ...bounds,
    itemsMax: listGroupMax,
    name: 'place_lists',
    flush: (requests) => placeLists(db, requests, nowMs()),
  });
  const releases = createBatcher<string, undefined>({
    ...bounds,
    name: 'release_holds',
    flush: async (orderIds) => {
      await releaseHolds(db, orderIds, nowMs());
      return orderIds.map(() => undefined);
    },
  });
  const amends = createBatcher<AmendRequest, AmendOutcome>({
    ...bounds,
    name: 'amend_holds',
    flush: (requests) => amendHolds(db, requests),
  });
  return {
    async place(requests, signal) {
      const results = await Promise.all(requests.map((request) => places.submit(request, signal)));
      for (const refusal of results) outcomes.inc({ outcome: refusal?.reason ?? 'held' });
      return results;
    },
    amend: (requests, signal) => Promise.all(requests.map((request) => amends.submit(request, signal))),
    async placeLists(requests, signal) {
      const results = await Promise.all(requests.map((request) => lists.submit(request, signal)));
      for (const refusal of results) outcomes.inc({ outcome: refusal?.reason ?? 'held' });
      return results;
    },
    async release(orderIds, signal) {
      await Promise.all(orderIds.map((orderId) => releases.submit(orderId, signal)));
    },
    async [Symbol.asyncDispose]() {
      await places[Symbol.asyncDispose]();
      await amends[Symbol.asyncDispose]();
      await lists[Symbol.asyncDispose]();
      await releases[Symbol.asyncDispose]();
    },
  };
}
