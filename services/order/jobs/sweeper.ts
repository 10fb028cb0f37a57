import { runRounds } from '#platform/lifecycle/run-rounds.ts';
import type { Saga } from '../deps.ts';
import { isImmediate, isPassing, type Order } from '../domain/order.ts';
import { carryOutCancel } from '../saga/cancel-order.ts';
import { compensateOrder, notSubmittedInTime } from '../saga/compensate-order.ts';
import { driveOrder } from '../saga/drive-order.ts';
import { isTransient } from '../saga/retry-until-outcome.ts';
import { claimUnfinished } from '../store/claim-unfinished.ts';

const ordersMax = 100;
const intervalMs = 500;
const resumeTimeoutMs = 2_000;
// The exchange forgets ids after 24 h; a Submit that is nearly as old is not worth the race.
const resumableAgeMaxMs = 23 * 3_600_000;

/** Finishes what executors left behind, until the signal aborts. Runs in every replica; claims keep them apart. */
export function runSweeper(saga: Saga, signal: AbortSignal): Promise<void> {
  const work = async () => (await sweepOnce(saga)) === ordersMax;
  return runRounds({ name: 'sweep', work, pauseMs: intervalMs, signal, logger: saga.logger });
}

/** Looks at one group of unfinished orders; returns how many there were. */
async function sweepOnce(saga: Saga): Promise<number> {
  const orders = await claimUnfinished(saga.db, saga.limits.sweepAgeMs, ordersMax);
  await Promise.all(orders.map((order) => finish(saga, order)));
  return orders.length;
}

async function finish(saga: Saga, order: Order): Promise<void> {
  try {
    if (!isPassing(order)) {
      await carryOutCancel(saga, order);
      saga.metrics.swept('cancelled');
    } else if (mustCompensate(saga, order)) {
      await compensateOrder(saga, order, notSubmittedInTime);
      saga.metrics.swept('compensated');
    } else {
      await driveOrder(saga, order, Date.now() + resumeTimeoutMs);
      saga.metrics.swept('resumed');
    }
  } catch (error) {
    const level = isTransient(error) ? 'info' : 'error';
    saga.logger[level]({ error, orderId: order.orderId, state: order.state }, 'an unfinished order stays unfinished');
  }
}

function mustCompensate({ limits }: Saga, order: Order): boolean {
  const ageMs = Date.now() - order.createTimeMs;
  if (order.state === 'compensating' || ageMs > resumableAgeMaxMs) return true;
  return isImmediate(order) && ageMs > limits.immediateAgeMaxMs;
}
