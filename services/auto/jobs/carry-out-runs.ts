/** Works off the queue of runs: places the order of each and stores the outcome. */
import { runWorkerPool } from '#platform/queue/run-worker-pool.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { placeKeyedOrder } from '../clients/place-order.ts';
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
import { claimRuns } from '../store/claim-runs.ts';
import { endRun } from '../store/end-run.ts';
import { postponeRun } from '../store/postpone-run.ts';
import type { RunCounter } from './run-counter.ts';

const runsAtOnceMax = 4;
// Longer than a placement may take: when a run is due again, its claimant has finished or is gone.
const leaseMs = 15_000;

/** Carries out due runs until the signal aborts, and finishes those in progress. Never rejects. */
export function carryOutRuns(
  deps: AutoDeps,
  { signal, logger, countRun }: { signal: AbortSignal; logger: Logger; countRun: RunCounter },
): Promise<void> {
  return runWorkerPool({
    name: 'runs',
    claim: (limit) => claimRuns(deps.db, { limit, nowMs: deps.nowMs(), leaseMs }),
    work: createCarryOut(deps, { logger, countRun }),
    concurrencyMax: runsAtOnceMax,
    notifier: deps.notifier,
    signal,
    logger,
  });
}

/** Carries out one claimed run. Rejects only when the database is unavailable; the run is then due again when its claim ends. */
function createCarryOut(deps: AutoDeps, { logger, countRun }: { logger: Logger; countRun: RunCounter }) {
  const finish = async (run: ClaimedRun, end: RunEnd) => {
    await deps.db.transaction(async (tx) => {
      const finished = await endRun(tx, run.runId, end, deps.nowMs());
      if (finished !== undefined) await publishRunFinished(tx, run, finished);
    });
    countRun(end);
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
    else await postponeRun(deps.db, run, next.delayMs);
  };
}

async function placeOrder({ orders }: AutoDeps, run: ClaimedRun): Promise<PlacementResult> {
  const { accountId, action } = run;
  if (action.type !== 'order') throw new Error('only a run that places one order is in this queue');
  return placeKeyedOrder(orders, { accountId, clientOrderId: orderKeyOf(run), order: action.order });
}
