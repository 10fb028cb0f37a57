import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { OrderDeps } from '../deps.ts';
import { isImmediate, notSubmittedInTime, type Order } from '../domain/order.ts';
import { isPending } from '../domain/order-state.ts';
import { isNumbered, type Replace } from '../domain/replace.ts';
import { CallTime } from '../saga/call-time.ts';
import { sendCancel } from '../saga/cancel-order.ts';
import { compensateOrder } from '../saga/compensate-order.ts';
import { driveOrder } from '../saga/drive-order.ts';
import { driveReplace } from '../saga/drive-replace.ts';
import { isTransient } from '../saga/retry-until-outcome.ts';
import { claimUnfinished } from '../store/claim-unfinished.ts';
import { claimReplaces } from '../store/replaces/claim-replaces.ts';

const ordersMax = 100;
const intervalMs = 1_000;
const resumeTimeoutMs = 2_000;
// The exchange remembers the ids of final orders for 24 h; past that it refuses a Submit that it does not know.
const resumableAgeMaxMs = 23 * 3_600_000;

/**
 * Finishes orders whose executor has died or given up, until the signal aborts. Runs in every replica; each order is claimed by one of
 * them at a time.
 */
export function runSweeper(deps: OrderDeps, signal: AbortSignal): Promise<void> {
  const work = async () => (await sweepOnce(deps)) === ordersMax;
  return runPeriodically({ name: 'sweep', work, pauseMs: intervalMs, signal, logger: deps.logger });
}

/** Claims and finishes one group of unfinished orders and one of changes; returns the greater number. */
async function sweepOnce(deps: OrderDeps): Promise<number> {
  const orders = await claimUnfinished(deps.db, deps.limits.sweepAgeMs, ordersMax);
  const replaces = await claimReplaces(deps.db, deps.limits.sweepAgeMs, ordersMax);
  await Promise.all([
    ...orders.map((order) => finishOrder(deps, order)),
    ...replaces.map((replace) => finishReplace(deps, replace)),
  ]);
  return Math.max(orders.length, replaces.length);
}

async function finishReplace(deps: OrderDeps, replace: Replace): Promise<void> {
  try {
    const order = await deps.readOrder.load(replace.orderId);
    // The exchange has forgotten the command of one that is too old: its outcome is left to the feed.
    const isTooOld = deps.nowMs() - replace.createTimeMs > resumableAgeMaxMs;
    if (order === undefined || !isNumbered(replace) || isTooOld) return;
    await driveReplace(deps, order, replace, new CallTime(deps, { deadlineTimeMs: deps.nowMs() + resumeTimeoutMs }));
    deps.metrics.swept('replaced');
  } catch (error) {
    const level = isTransient(error) ? 'info' : 'error';
    deps.logger[level]({ error, orderId: replace.orderId }, 'a change of an order stays unfinished');
  }
}

async function finishOrder(deps: OrderDeps, order: Order): Promise<void> {
  try {
    if (!isPending(order)) {
      await sendCancel(deps, order);
      deps.metrics.swept('cancelled');
    } else if (mustCompensate(deps, order)) {
      await compensateOrder(deps, order, notSubmittedInTime);
      deps.metrics.swept('compensated');
    } else if (!isImmediate(order)) {
      await driveOrder(deps, order, new CallTime(deps, { deadlineTimeMs: deps.nowMs() + resumeTimeoutMs }));
      deps.metrics.swept('resumed');
    }
  } catch (error) {
    const level = isTransient(error) ? 'info' : 'error';
    deps.logger[level]({ error, orderId: order.orderId, state: order.state }, 'an unfinished order stays unfinished');
  }
}

// An immediate order is submitted by the call of its owner alone, which compensates it too. Here it is only compensated, once it is so old that
// this call is over for certain.
function mustCompensate({ limits, clock }: OrderDeps, order: Order): boolean {
  const ageMs = clock.ageMs(order.createTimeMs);
  if (order.state === 'compensating' || ageMs > resumableAgeMaxMs) return true;
  return isImmediate(order) && ageMs > limits.immediateAgeMaxMs;
}
