import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { OrderDeps } from '../deps.ts';
import { isListImmediate, type LegOrder, type ListLegs, toListLegs } from '../domain/list-legs.ts';
import { isImmediate, notSubmittedInTime, type Order } from '../domain/order.ts';
import { isPending } from '../domain/order-state.ts';
import { isNumbered, type Replace } from '../domain/replace.ts';
import { CallTime } from '../saga/call-time.ts';
import { sendCancel } from '../saga/cancel-order.ts';
import { compensateList } from '../saga/compensate-list.ts';
import { compensateOrder } from '../saga/compensate-order.ts';
import { driveList } from '../saga/drive-list.ts';
import { driveOrder } from '../saga/drive-order.ts';
import { driveReplace } from '../saga/drive-replace.ts';
import { isTransient } from '../saga/retry-until-outcome.ts';
import { claimUnfinished } from '../store/claim-unfinished.ts';
import { readLegs } from '../store/lists.ts';
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
  const pendingLegs = orders.filter((order): order is LegOrder => order.leg !== undefined && isPending(order));
  const lists = new Set(pendingLegs.map(({ leg }) => leg.listId));
  const single = orders.filter((order) => order.leg === undefined || !isPending(order));
  await Promise.all([
    ...single.map((order) => finishOrder(deps, order)),
    ...[...lists].map((listId) => finishList(deps, listId)),
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

/** Finishes a list of which some order is pending; a cancel of an order that is open is sent by itself. */
async function finishList(deps: OrderDeps, listId: string): Promise<void> {
  try {
    const legs = toListLegs(await readLegs(deps.db, listId));
    if (mustCompensateList(deps, legs)) {
      await compensateList(deps, legs, notSubmittedInTime);
      deps.metrics.swept('compensated');
    } else if (!isListImmediate(legs)) {
      await driveList(deps, legs, resumeTime(deps));
      deps.metrics.swept('resumed');
    }
  } catch (error) {
    const level = isTransient(error) ? 'info' : 'error';
    deps.logger[level]({ error, listId }, 'an unfinished list stays unfinished');
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
      await driveOrder(deps, order, resumeTime(deps));
      deps.metrics.swept('resumed');
    }
  } catch (error) {
    const level = isTransient(error) ? 'info' : 'error';
    deps.logger[level]({ error, orderId: order.orderId, state: order.state }, 'an unfinished order stays unfinished');
  }
}

function resumeTime(deps: OrderDeps): CallTime {
  return new CallTime(deps, { deadlineTimeMs: deps.nowMs() + resumeTimeoutMs });
}

// An immediate order is submitted by the call of its owner alone, which compensates it too. Here it is only compensated, once it is so old that
// this call is over for certain.
function mustCompensate(deps: OrderDeps, order: Order): boolean {
  return order.state === 'compensating' || isTooOld(deps, order, isImmediate(order));
}

function mustCompensateList(deps: OrderDeps, legs: ListLegs): boolean {
  return legs.some(({ state }) => state === 'compensating') || isTooOld(deps, legs[0], isListImmediate(legs));
}

function isTooOld({ limits, clock }: OrderDeps, { createTimeMs }: Order, immediate: boolean): boolean {
  const ageMs = clock.ageMs(createTimeMs);
  return ageMs > resumableAgeMaxMs || (immediate && ageMs > limits.immediateAgeMaxMs);
}
