/** Compares last prices with all waiting price triggers: one replica at a time. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { isUnavailable } from '#platform/postgres/failures.ts';
import { holdLease, LeaseLostError } from '#platform/postgres/lease.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { AutoDeps } from '../deps.ts';
import { isReached } from '../domain/rule.ts';
import { findReachedRules } from '../store/find-reached-rules.ts';
import { listAwaitedSymbols } from '../store/list-awaited-symbols.ts';
import { firePriceTrigger, watchLease } from './fire-price-trigger.ts';
import { createQuoteFollower, type QuoteFollower } from './follow-quotes.ts';

/** Who watches, and until when. */
export type WatchOptions = {
  /** Names this process in the lease, unique among replicas. */
  holder: string;
  /** How long a silent holder has the lease, in ms; default 3,000. */
  leaseTtlMs?: number;
  signal: AbortSignal;
  logger: Logger;
  metrics: Metrics;
};

const pauseMs = 500;
const firedAtOnceMax = 100;
/** How long a rule that could not be fired waits, in ms, and how many of them are left out at a time. */
const failedPauseMs = 30_000;
const failedMax = 1_000;

/** Rules that could not be fired, and when each may be tried again, in ms of `performance.now()`. */
type FailedRules = Map<string, number>;

/** Competes for the lease, and watches while this process holds it, until the signal aborts. Never rejects. */
export async function watchPriceTriggers(deps: AutoDeps, options: WatchOptions): Promise<void> {
  const { holder, leaseTtlMs, signal, logger, metrics } = options;
  await holdLease({
    db: deps.db,
    name: watchLease,
    holder,
    ttlMs: leaseTtlMs,
    whileHeld: async ({ token, signal: heldSignal }) => {
      await using quotes = createQuoteFollower({ market: deps.market, logger, metrics });
      const failed: FailedRules = new Map();
      const work = () => fireReached({ ...deps, logger }, { quotes, failed, token });
      await runPeriodically({ name: 'price triggers', work, pauseMs, signal: heldSignal, logger });
    },
    signal,
    logger,
  });
}

// Read from the database every half second instead of held in memory: any replica creates, pauses and deletes rules. Prices are compared
// whether they changed or not, for the price of a new rule may be reached already.
async function fireReached(
  deps: AutoDeps & { logger: Logger },
  { quotes, failed, token }: { quotes: QuoteFollower; failed: FailedRules; token: bigint },
): Promise<boolean> {
  quotes.watch(await listAwaitedSymbols(deps.db));
  if (quotes.prices.size === 0) return false;
  const leaveOut = stillFailed(failed);
  const reached = await findReachedRules(deps.db, quotes.prices, { limit: firedAtOnceMax, leaveOut });
  for (const rule of reached) {
    const { trigger } = rule;
    const priceMicros = trigger.type === 'price' ? quotes.prices.get(trigger.symbol) : undefined;
    if (trigger.type !== 'price' || priceMicros === undefined || !isReached(trigger, priceMicros)) continue;
    try {
      await firePriceTrigger(deps, rule, { trigger, priceMicros, token });
    } catch (error) {
      // These concern all rules; anything else is the rule's own, and the others are fired all the same.
      if (error instanceof LeaseLostError || isUnavailable(error)) throw error;
      deps.logger.error({ error, ruleId: rule.ruleId }, 'a price trigger could not be fired; it is tried again');
      failed.set(rule.ruleId, performance.now() + failedPauseMs);
    }
  }
  return reached.length === firedAtOnceMax;
}

/** The rules to leave out; those whose pause is over, and the oldest beyond the bound, are forgotten. */
function stillFailed(failed: FailedRules): string[] {
  for (const [ruleId, againMs] of failed) {
    if (againMs <= performance.now() || failed.size > failedMax) failed.delete(ruleId);
  }
  return [...failed.keys()];
}
