/** Works off the queue of runs: places the order of each and stores the outcome. */
import { Code } from '#platform/errors/code.ts';
import { reasonName, toOutcryError } from '#platform/errors/details.ts';
import { runWorkerPool } from '#platform/queue/run-worker-pool.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { AutoDeps } from '../deps.ts';
import {
  afterAttempt,
  type ClaimedRun,
  endBeforeAttempt,
  orderKeyOf,
  type PlacementResult,
  type RunEnd,
} from '../domain/run.ts';
import { publishRunFinished } from '../events/published.ts';
import { toOrderTerms } from '../rpc/messages/order-terms.ts';
import { claimRuns } from '../store/claim-runs.ts';
import { endRun } from '../store/end-run.ts';
import { postponeRun } from '../store/postpone-run.ts';

const runsAtOnceMax = 4;
const placeTimeoutMs = 5_000;
// Longer than a placement may take: when a run is due again, its claimant has finished or is gone.
const leaseMs = 15_000;

/** Codes after which the outcome is unknown, so the same key is sent again. All other codes are a refusal. */
const unknownOutcomeCodes: ReadonlySet<number> = new Set([
  Code.CANCELLED,
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.RESOURCE_EXHAUSTED,
  Code.ABORTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
  Code.UNAUTHENTICATED,
]);

/** Carries out due runs until the signal aborts, and finishes those in progress. Never rejects. */
export function carryOutRuns(
  deps: AutoDeps,
  { signal, logger, metrics }: { signal: AbortSignal; logger: Logger; metrics: Metrics },
): Promise<void> {
  return runWorkerPool({
    name: 'runs',
    claim: (limit) => claimRuns(deps.db, { limit, nowMs: deps.nowMs(), leaseMs: deps.spanMs(leaseMs) }),
    work: createCarryOut(deps, { logger, metrics }),
    concurrencyMax: runsAtOnceMax,
    notifier: deps.notifier,
    signal,
    logger,
  });
}

/** Carries out one claimed run. Rejects only when the database is unavailable; the run is then due again when its claim ends. */
function createCarryOut(deps: AutoDeps, { logger, metrics }: { logger: Logger; metrics: Metrics }) {
  const ended = metrics.counter({
    name: 'outcry_auto_runs_total',
    help: 'Runs that were carried out, by how they ended.',
    labels: ['outcome', 'reason'],
  });
  const finish = async (run: ClaimedRun, end: RunEnd) => {
    await deps.db.transaction(async (tx) => {
      const finished = await endRun(tx, run.runId, end, deps.nowMs());
      if (finished !== undefined) await publishRunFinished(tx, run, finished);
    });
    ended.inc({ outcome: end.outcome, reason: end.outcome === 'refused' ? end.reason : '' });
  };
  return async (run: ClaimedRun) => {
    const early = endBeforeAttempt(run, deps.nowMs());
    if (early !== undefined) return finish(run, early);
    const result = await placeOrder(deps, run);
    if (result.type === 'unknown') {
      logger.warn({ runId: run.runId, reason: result.reason }, 'the order of a run may not have been placed');
    }
    const next = afterAttempt(run, result, deps.nowMs());
    if (next.type === 'end') await finish(run, next.end);
    else await postponeRun(deps.db, run, next.timeMs);
  };
}

async function placeOrder({ orders }: AutoDeps, run: ClaimedRun): Promise<PlacementResult> {
  if (run.action.type !== 'order') throw new Error('a run of an alert is never pending');
  const request = {
    accountId: run.accountId,
    clientOrderId: orderKeyOf(run),
    terms: toOrderTerms(run.action.order),
  };
  try {
    const { order } = await orders.placeOrderFor(request, { timeoutMs: placeTimeoutMs });
    return { type: 'placed', orderId: order?.orderId ?? '' };
  } catch (error) {
    const { code, reason, metadata } = toOutcryError(error);
    if (unknownOutcomeCodes.has(code)) return { type: 'unknown', reason: reasonName(reason) };
    return { type: 'refused', reason: reasonName(reason), metadata };
  }
}
