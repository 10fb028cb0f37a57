/** How a try to send ended. Each changes nothing when another has claimed the delivery since. */
import type { Sql } from '#platform/postgres/sql.ts';
import type { Delivery } from '../domain/message.ts';

type Claimed = Pick<Delivery, 'deliveryId' | 'attempts'>;

const stillClaimed = `delivery_id = $1 AND attempts = $2 AND state = 'waiting'`;

/** The mail server took the mail; its text is no longer needed. */
export async function markSent(sql: Sql, { deliveryId, attempts }: Claimed, nowMs: number): Promise<void> {
  await sql.query(`UPDATE delivery SET state = 'sent', text = '', end_time = $3 WHERE ${stillClaimed}`, [
    deliveryId,
    attempts,
    new Date(nowMs),
  ]);
}

/** It is tried again at a time. */
export async function postpone(
  sql: Sql,
  { deliveryId, attempts }: Claimed,
  { failure, nextTimeMs }: { failure: string; nextTimeMs: number },
): Promise<void> {
  await sql.query(`UPDATE delivery SET next_attempt_time = $3, last_failure = $4 WHERE ${stillClaimed}`, [
    deliveryId,
    attempts,
    new Date(nextTimeMs),
    failure,
  ]);
}

/** It is given up and becomes a dead letter. */
export async function giveUp(
  sql: Sql,
  { deliveryId, attempts }: Claimed,
  { failure, deadLetterId, nowMs }: { failure: string; deadLetterId: string; nowMs: number },
): Promise<void> {
  await sql.query(
    `UPDATE delivery SET state = 'dead', dead_letter_id = $3, end_time = $4, last_failure = $5 WHERE ${stillClaimed}`,
    [deliveryId, attempts, deadLetterId, new Date(nowMs), failure],
  );
}
