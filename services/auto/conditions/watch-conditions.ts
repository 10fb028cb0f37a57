/** Watches prices for all conditions that wait: one process of all replicas at a time. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import { holdLease } from '#platform/postgres/lease.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { AutoDeps } from '../auto-deps.ts';
import { isMet } from '../domain/rule.ts';
import { findReached, readWaitingSymbols } from '../store/waiting-conditions.ts';
import { fire, watchLease } from './fire.ts';
import { createQuoteFollower, type QuoteFollower } from './quote-follower.ts';

/** Where and how to watch. */
export type WatchOptions = {
  deps: AutoDeps;
  holder: string;
  leaseTtlMs?: number;
  signal: AbortSignal;
  logger: Logger;
  metrics: Metrics;
};

const pauseMs = 500;
const firesMax = 100;

/** Competes for the lease, and watches while it holds it, until the signal aborts. Never rejects. */
export async function watchConditions(options: WatchOptions): Promise<void> {
  const { deps, holder, leaseTtlMs, signal, logger, metrics } = options;
  await holdLease({
    db: deps.db,
    name: watchLease,
    holder,
    ttlMs: leaseTtlMs,
    whileHeld: async ({ token, signal: heldSignal }) => {
      await using quotes = createQuoteFollower({ market: deps.market, logger, metrics });
      await runPeriodically({
        name: 'conditions',
        work: () => look(deps, quotes, token),
        pauseMs,
        signal: heldSignal,
        logger,
      });
    },
    signal,
    logger,
  });
}

// Asked of the database every half second rather than kept in memory: rules are arranged, paused and ended at any replica. Prices
// are compared whether they changed or not, for a rule may be arranged when its price is reached already.
async function look(deps: AutoDeps, quotes: QuoteFollower, token: bigint): Promise<boolean> {
  quotes.watch(await readWaitingSymbols(deps.db));
  if (quotes.prices.size === 0) return false;
  const reached = await findReached(deps.db, quotes.prices, firesMax);
  for (const rule of reached) {
    const { trigger } = rule;
    const priceMicros = trigger.type === 'condition' ? quotes.prices.get(trigger.symbol) : undefined;
    if (trigger.type !== 'condition' || priceMicros === undefined || !isMet(trigger, priceMicros)) continue;
    await fire(deps, rule, { condition: trigger, priceMicros, token });
  }
  return reached.length === firesMax;
}
