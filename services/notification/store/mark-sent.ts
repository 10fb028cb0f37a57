import type { Sql } from '#platform/postgres/sql.ts';
import { stillClaimed } from '#platform/queue/claim-due.ts';
import type { Delivery } from '../domain/message.ts';
import { deliveryQueue } from './claim-deliveries.ts';

/** The mail server took the mail; its text is not needed any more. Changes nothing when another replica has claimed it since. */
export async function markSent(
  sql: Sql,
  { deliveryId, attempts }: Pick<Delivery, 'deliveryId' | 'attempts'>,
  nowMs: number,
): Promise<void> {
  await sql.query(`UPDATE delivery SET state = 'sent', text = '', end_time = $3 WHERE ${stillClaimed(deliveryQueue)}`, [
    deliveryId,
    attempts,
    new Date(nowMs),
  ]);
}
