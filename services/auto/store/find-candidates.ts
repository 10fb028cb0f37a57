import { plainArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { ArmedTrigger, TradedRange } from '../domain/price-watch.ts';

/** A condition that waits, and whose threshold lies in what was traded. */
export type Candidate = ArmedTrigger & { ruleId: string };

/**
 * Up to `limit` conditions whose threshold lies in the ranges, by id, after the id `after`; of each book and direction only those are read. What was armed in
 * another history of the feed waits for any trade.
 */
export async function findCandidates(
  tx: Sql,
  { feed, ranges, after, limit }: { feed: string; ranges: readonly TradedRange[]; after: string; limit: number },
): Promise<Candidate[]> {
  const { rows } = await tx.query<Candidate>(
    `WITH current AS MATERIALIZED (SELECT epoch FROM platform.feed_position WHERE name = $1)
     SELECT rule_id AS "ruleId", rule.symbol, direction, threshold_ticks AS "thresholdTicks",
       CASE WHEN armed_epoch IN ('', (SELECT epoch FROM current)) THEN armed_sequence ELSE 0 END AS "armedSequence"
     FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS traded (symbol, low, high)
     CROSS JOIN LATERAL (
       SELECT * FROM rule WHERE rule.symbol = traded.symbol AND direction = 'at-or-above' AND threshold_ticks <= high
         AND state = 'enabled' AND threshold_ticks IS NOT NULL AND next_attempt_time IS NULL
       UNION ALL
       SELECT * FROM rule WHERE rule.symbol = traded.symbol AND direction = 'at-or-below' AND threshold_ticks >= low
         AND state = 'enabled' AND threshold_ticks IS NOT NULL AND next_attempt_time IS NULL
     ) AS rule
     WHERE rule_id > $5 ORDER BY rule_id LIMIT $6`,
    [
      feed,
      plainArray(ranges.map(({ symbol }) => symbol)),
      plainArray(ranges.map(({ lowTicks }) => lowTicks)),
      plainArray(ranges.map(({ highTicks }) => highTicks)),
      after,
      limit,
    ],
  );
  return rows;
}
