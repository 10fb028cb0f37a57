/** Works off the queue of slices: places the order of each that is due, until the whole is filled or its time is over. */
import { formatDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import { runWorkerPool } from '#platform/queue/run-worker-pool.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { placeKeyedOrder } from '../clients/place-order.ts';
import type { AutoDeps } from '../deps.ts';
import { nextDelayMs, type RunEnd } from '../domain/run.ts';
import { orderOfPart, sliceOrderKey } from '../domain/slice.ts';
import { afterOrder, type ClaimedSlice, stepOf, withProgress } from '../domain/slice-step.ts';
import { publishRunFinished } from '../events/published.ts';
import { claimSlices } from '../store/claim-slices.ts';
import { endRun } from '../store/end-run.ts';
import { findRule } from '../store/find-rule.ts';
import { finishRule } from '../store/finish-rule.ts';
import { saveSlice } from '../store/save-slice.ts';
import { planSlice, sizeOrder } from './plan-slice.ts';
import type { RunCounter } from './run-counter.ts';

const slicesAtOnceMax = 4;
const idleMs = 500;
// Longer than a step may take: when a slice is due again, its claimant has finished or is gone.
const leaseMs = 15_000;

type WorkOptions = { logger: Logger; countRun: RunCounter };

/** Works due slices until the signal aborts, and finishes the steps in progress. Never rejects. */
export function workSlices(deps: AutoDeps, options: WorkOptions & { signal: AbortSignal }): Promise<void> {
  const { signal, logger } = options;
  return runWorkerPool({
    name: 'slices',
    claim: (limit) => claimSlices(deps.db, { limit, nowMs: deps.nowMs(), leaseMs }),
    work: (slice) => workSlice(deps, slice, options),
    concurrencyMax: slicesAtOnceMax,
    idleMs,
    notifier: deps.notifier,
    signal,
    logger,
  });
}

/** Takes one step of a claimed slice. Rejects only when the database is unavailable; the slice is then due again when its claim ends. */
async function workSlice(deps: AutoDeps, slice: ClaimedSlice, options: WorkOptions): Promise<void> {
  const step = stepOf(slice, deps.nowMs());
  switch (step.type) {
    case 'end':
      return finish(deps, slice, step.end, options);
    case 'wait':
      await saveSlice(deps.db, slice, { dueMs: step.timeMs });
      return;
    case 'repeat':
      return placePart(deps, slice, options);
    case 'order': {
      const sized = await sizeNext(deps, slice, step.index, options);
      if (sized === undefined) return;
      if (sized.orderMicros === undefined) return goOn(deps, sized, options);
      return placePart(deps, sized, options);
    }
    default:
      return step satisfies never;
  }
}

/** The slice with its next order recorded, or with one passed over that has no lots; undefined when it is tried later, or by another. */
async function sizeNext(deps: AutoDeps, slice: ClaimedSlice, index: number, { logger }: WorkOptions) {
  const { db, market } = deps;
  let sized: ClaimedSlice;
  try {
    sized = await sizeOrder(market, await planSlice(market, slice), index);
  } catch (error) {
    logger.warn({ runId: slice.runId, error }, 'the order of a slice cannot be sized yet');
    await saveFailed(deps, slice);
    return undefined;
  }
  if (sized.orderMicros === undefined) return sized;
  return (await saveSlice(db, sized, 'claimed')) ? sized : undefined;
}

/** Places the recorded order, or finds the outcome of an attempt before, and stores it. */
async function placePart(deps: AutoDeps, slice: ClaimedSlice, options: WorkOptions): Promise<void> {
  const { runId, accountId, terms, nextIndex, orderMicros = 0n } = slice;
  const result = await placeKeyedOrder(deps.orders, {
    accountId,
    clientOrderId: sliceOrderKey(runId, nextIndex),
    order: orderOfPart(terms, formatDecimal(orderMicros, QUANTITY_SCALE)),
  });
  const handled = afterOrder(slice, result);
  if (handled !== undefined) return goOn(deps, handled, options);
  options.logger.warn({ runId, index: nextIndex, result }, 'an order of a slice may not have been placed');
  await saveFailed(deps, slice);
}

async function saveFailed({ db }: AutoDeps, slice: ClaimedSlice): Promise<void> {
  await saveSlice(db, { ...slice, tries: slice.tries + 1 }, { retryAfterMs: nextDelayMs(slice.tries) });
}

/** Stores a slice whose order was handled, due again for the next, or ends it. */
async function goOn(deps: AutoDeps, slice: ClaimedSlice, options: WorkOptions): Promise<void> {
  const timeMs = deps.nowMs();
  const step = stepOf(slice, timeMs);
  if (step.type === 'end') return finish(deps, slice, step.end, options);
  await saveSlice(deps.db, slice, { dueMs: step.type === 'wait' ? step.timeMs : timeMs });
}

async function finish(deps: AutoDeps, slice: ClaimedSlice, end: RunEnd, { countRun }: WorkOptions): Promise<void> {
  const { db, nowMs } = deps;
  const isEnded = await db.transaction(async (tx) => {
    // The rule is locked first of all, as by those who pause, resume and delete it.
    await findRule(tx, slice.ruleId, { lock: true });
    if (!(await saveSlice(tx, slice, 'ended'))) return false;
    await finishRule(tx, slice.ruleId);
    const run = await endRun(tx, slice.runId, end, nowMs());
    if (run !== undefined) await publishRunFinished(tx, slice, withProgress(run, slice));
    return true;
  });
  if (isEnded) countRun(end);
}
