import type { Sql } from '#platform/postgres/sql.ts';
import { stillClaimed } from '#platform/queue/claim-due.ts';
import type { Delivery } from '../domain/message.ts';
import { deliveryQueue } from './claim-deliveries.ts';

/** Makes a claimed delivery due again at a time. Changes nothing when another replica has claimed it since. */
export async function postponeDelivery(
  sql: Sql,
  { deliveryId, attempts }: Pick<Delivery, 'deliveryId' | 'attempts'>,
  { failure, nextTimeMs }: { failure: string; nextTimeMs: number },
): Promise<void> {
  await sql.query(
    `UPDATE delivery SET next_attempt_time = $3, last_failure = $4 WHERE ${stillClaimed(deliveryQueue)}`,
    [deliveryId, attempts, new Date(nextTimeMs), failure],
  );
}
