import type { Sql } from '#platform/postgres/sql.ts';
import { stillClaimed } from '#platform/queue/claim-due.ts';
import type { Delivery } from '../domain/message.ts';
import { deliveryQueue } from './claim-deliveries.ts';

/** Makes a claimed delivery a dead letter. Changes nothing when another replica has claimed it since. */
export async function giveUpDelivery(
  sql: Sql,
  { deliveryId, attempts }: Pick<Delivery, 'deliveryId' | 'attempts'>,
  { failure, deadLetterId, nowMs }: { failure: string; deadLetterId: string; nowMs: number },
): Promise<void> {
  await sql.query(
    `UPDATE delivery SET state = 'dead', dead_letter_id = $3, end_time = $4, last_failure = $5
     WHERE ${stillClaimed(deliveryQueue)}`,
    [deliveryId, attempts, deadLetterId, new Date(nowMs), failure],
  );
}
