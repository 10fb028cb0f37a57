import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { hasOpenOrders } from '../store/has-open-orders.ts';

/** A split of a symbol with open orders. Their holds and what their owners have are not split in this release, so none of it is applied. */
export class SplitError extends Error {
  override name = 'SplitError';
}

/**
 * Throws SplitError for a split of a symbol that has open orders here. The exchange refuses every split; should one come all the same, it is
 * named, and not the first order of which it would make more than its hold pays for.
 */
export async function refuseSplits(tx: Sql, events: readonly FeedEvent[]): Promise<void> {
  for (const { symbol, event } of events) {
    if (event.case !== 'split' || !(await hasOpenOrders(tx, symbol))) continue;
    const { numerator, denominator } = event.value;
    throw new SplitError(
      `${symbol} was split ${numerator}:${denominator} with orders open: orders cannot be split in this release`,
    );
  }
}
