/** Carries out one claimed run: places its order, writes down how it went. */
import { Code } from '#platform/errors/code.ts';
import { reasonName, toOutcryError } from '#platform/errors/details.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { AutoDeps } from '../deps.ts';
import {
  type Answer,
  afterAttempt,
  type ClaimedRun,
  endBeforeAttempt,
  orderKeyOf,
  type RunEnd,
} from '../domain/run.ts';
import { publishRunFinished } from '../events/published.ts';
import { toOrderTerms } from '../rpc/messages/order-terms.ts';
import { endRun, postponeRun } from '../store/end-run.ts';

const placeTimeoutMs = 5_000;

/** After these nothing was decided, or nobody can say what: the same key is sent again. All other codes are a refusal. */
const undecidedCodes: ReadonlySet<number> = new Set([
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

/** What carries runs out. The function rejects only when the database cannot be reached; the run then comes due again. */
export function createCarryOut(
  deps: AutoDeps,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): (run: ClaimedRun) => Promise<void> {
  const ended = metrics.counter({
    name: 'outcry_auto_runs_total',
    help: 'Runs that were carried out, by how they ended.',
    labels: ['outcome', 'reason'],
  });
  const end = async (run: ClaimedRun, how: RunEnd) => {
    await deps.db.transaction(async (tx) => {
      const finished = await endRun(tx, run.runId, how, deps.now());
      if (finished !== undefined) await publishRunFinished(tx, run, finished);
    });
    ended.inc({ outcome: how.outcome, reason: how.outcome === 'refused' ? how.reason : '' });
  };
  return async (run) => {
    const early = endBeforeAttempt(run, deps.now());
    if (early !== undefined) return end(run, early);
    const answer = await placeOrder(deps, run);
    if (answer.type === 'unheard')
      logger.warn({ runId: run.runId, reason: answer.reason }, 'an order may not be placed yet');
    const next = afterAttempt(run, answer, deps.now());
    if (next.type === 'end') await end(run, next.end);
    else await postponeRun(deps.db, run, next.timeMs);
  };
}

async function placeOrder({ orders }: AutoDeps, run: ClaimedRun): Promise<Answer> {
  if (run.action.type !== 'order') throw new Error('an alert is never pending');
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
    if (undecidedCodes.has(code)) return { type: 'unheard', reason: reasonName(reason) };
    return { type: 'refused', reason: reasonName(reason), metadata };
  }
}
