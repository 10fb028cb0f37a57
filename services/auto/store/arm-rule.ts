import type { Sql } from '#platform/postgres/sql.ts';
import { type BookFacts, isReachedBy, type PricePoint, thresholdTicksOf } from '../domain/price-watch.ts';
import type { PriceTrigger } from '../domain/rule.ts';
import { exchangeFeed, lockPosition } from './feed-position.ts';
import { findLastTrade } from './last-trades.ts';
import { markReached } from './mark-reached.ts';

/** A condition that is to wait from now on. */
export type ToArm = { ruleId: string; trigger: PriceTrigger; facts: BookFacts; nowMs: number };

/**
 * Lets an enabled condition wait for the trades that come after this moment of the feed, and judges it by the last trade before. The
 * market's view and what was judged here may be ahead of each other: the later one counts. No trade is passed before the transaction ends.
 */
export async function armRule(tx: Sql, { ruleId, trigger, facts, nowMs }: ToArm): Promise<void> {
  const epoch = await lockPosition(tx, exchangeFeed(facts.shard), facts.sequence);
  const { sequence, priceTicks } = lastOf(facts, await findLastTrade(tx, trigger.symbol, epoch));
  const thresholdTicks = thresholdTicksOf(trigger, facts.tickMicros);
  await tx.query(
    `UPDATE rule SET threshold_ticks = $2, tick_micros = $3, armed_sequence = $4, armed_epoch = $5,
       reach_sequence = NULL, reach_price_micros = NULL, next_attempt_time = NULL
     WHERE rule_id = $1 AND state = 'enabled'`,
    [ruleId, thresholdTicks, facts.tickMicros, sequence, epoch],
  );
  if (priceTicks === undefined || !isReachedBy({ direction: trigger.direction, thresholdTicks }, priceTicks)) return;
  await markReached(tx, [{ ruleId, sequence, priceTicks }], nowMs);
}

function lastOf({ sequence, lastPriceMicros, tickMicros }: BookFacts, judged: PricePoint | undefined) {
  if (judged !== undefined && judged.sequence > sequence) return judged;
  return { sequence, priceTicks: lastPriceMicros === undefined ? undefined : lastPriceMicros / tickMicros };
}
