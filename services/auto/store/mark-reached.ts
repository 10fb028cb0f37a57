import { plainArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { PricePoint } from '../domain/price-watch.ts';

/** Makes conditions due to be fired, each by the trade that has reached it, unless they do not wait any more. */
export async function markReached(
  tx: Sql,
  reached: readonly (Pick<PricePoint, 'sequence' | 'priceTicks'> & { ruleId: string })[],
  nowMs: number,
): Promise<void> {
  await tx.query(
    `UPDATE rule SET reach_sequence = trade.sequence, reach_price_micros = trade.price_ticks * tick_micros,
       next_attempt_time = $4, claimed_until = '-infinity', attempts = 0
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS trade (rule_id, sequence, price_ticks)
     WHERE rule.rule_id = trade.rule_id AND state = 'enabled' AND threshold_ticks IS NOT NULL AND next_attempt_time IS NULL`,
    [
      plainArray(reached.map(({ ruleId }) => ruleId)),
      plainArray(reached.map(({ sequence }) => sequence)),
      plainArray(reached.map(({ priceTicks }) => priceTicks)),
      new Date(nowMs),
    ],
  );
}
