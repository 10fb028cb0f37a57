import { type Batcher, createBatcher } from '#platform/batch/batcher.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { Order, Refusal } from '../domain/order.ts';
import { toHoldTerms } from '../rpc/messages/hold-terms.ts';
import { toRefusal } from '../rpc/messages/reasons.ts';
import type { Clients } from './clients.ts';

/** The ledger's answer: undefined when the hold stands. */
export type HoldAnswer = { refusal: Refusal | undefined };

const itemsMax = 500;
const timeoutMs = 1_500;

/** Takes holds in groups. Keyed by order id: sending again is harmless. */
export function createHolds(options: { ledger: Clients['ledger']; metrics?: Metrics }): Batcher<Order, HoldAnswer> {
  const { ledger, metrics } = options;
  return createBatcher({
    name: 'order_holds',
    itemsMax,
    queueLengthMax: 10_000,
    concurrency: 2,
    metrics,
    flush: async (orders) => {
      const { results } = await ledger.placeHolds({ items: orders.map(toHoldItem) }, { timeoutMs });
      return results.map(({ held, reason, metadata }) => ({ refusal: held ? undefined : toRefusal(reason, metadata) }));
    },
  });
}

/** Releases holds, at most 500; ids that the ledger does not know are closed there for ever. */
export async function releaseHolds(ledger: Clients['ledger'], orderIds: string[]): Promise<void> {
  if (orderIds.length > 0) await ledger.releaseHolds({ orderIds }, { timeoutMs });
}

function toHoldItem(order: Order) {
  return {
    ...toHoldTerms(order),
    positionMaxMicros: order.side === 'buy' ? order.positionMaxMicros : 0n,
  };
}
