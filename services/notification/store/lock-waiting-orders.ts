import type { Sql } from '#platform/postgres/sql.ts';
import { orderMailPaceMs, ordersAMailMax, type WaitingOrder } from '../domain/gather-orders.ts';
import type { MessageKind } from '../domain/kinds.ts';

type Row = {
  delivery_id: string;
  fact_id: string;
  account_id: string;
  kind: MessageKind;
  subject: string;
  text: string;
  fact_time: Date;
  email: string | null;
  display_name: string;
  house: boolean;
};

/** SQL condition of the mails about orders that may go together: none of them has been attempted, or it would be sent under two names. */
export const isGathered = `state = 'waiting' AND order_id IS NOT NULL AND attempts = 0 AND last_failure = ''`;

// So many rows are locked at once at most.
const rowsMax = 10_000;

/**
 * Locks, in a transaction, what waits of up to `accountsMax` people who may get a mail about orders by now, and begins their pause until
 * the next one. What is due of a person whose pause is not over is put off until then. Oldest facts of a person first.
 */
export async function lockWaitingOrders(
  tx: Sql,
  { accountsMax, nowMs }: { accountsMax: number; nowMs: number },
): Promise<WaitingOrder[]> {
  const { rows } = await tx.query<Row>(
    `WITH due AS MATERIALIZED (
       SELECT delivery_id, fact_id, account_id, kind, subject, text, fact_time, next_attempt_time FROM delivery
       WHERE ${isGathered} AND next_attempt_time <= $1 ORDER BY next_attempt_time LIMIT ${rowsMax} FOR UPDATE SKIP LOCKED),
     head AS MATERIALIZED (SELECT account_id FROM due GROUP BY account_id ORDER BY min(next_attempt_time) LIMIT $3),
     put_off AS (
       UPDATE delivery SET next_attempt_time = early.next_time FROM (
         SELECT delivery_id, next_time FROM head CROSS JOIN LATERAL (
           SELECT next_time FROM order_mail_pace AS pace WHERE pace.account_id = head.account_id OFFSET 0) AS pace
         JOIN due USING (account_id) WHERE next_time > $1) AS early
       WHERE delivery.delivery_id = early.delivery_id),
     begun AS (
       INSERT INTO order_mail_pace AS pace (account_id, next_time) SELECT account_id, $2 FROM head ORDER BY account_id
       ON CONFLICT (account_id) DO UPDATE SET next_time = excluded.next_time WHERE pace.next_time <= $1
       RETURNING account_id),
     waiting AS (SELECT * FROM begun JOIN due USING (account_id))
     SELECT delivery_id, fact_id, account_id, kind, subject, fact_time, email, display_name, house,
       CASE WHEN row_number() OVER of_person <= ${ordersAMailMax} THEN text ELSE '' END AS text
     FROM waiting LEFT JOIN LATERAL (
       SELECT email, display_name, house FROM contact WHERE contact.account_id = waiting.account_id OFFSET 0) AS person ON true
     WINDOW of_person AS (PARTITION BY account_id ORDER BY fact_time, fact_id)
     ORDER BY account_id, fact_time, fact_id`,
    [new Date(nowMs), new Date(nowMs + orderMailPaceMs), accountsMax],
  );
  return rows.map(toOrder);
}

function toOrder(row: Row): WaitingOrder {
  const { account_id: accountId, email, display_name: displayName, house } = row;
  return {
    deliveryId: row.delivery_id,
    factId: row.fact_id,
    accountId,
    kind: row.kind,
    subject: row.subject,
    text: row.text,
    factTimeMs: row.fact_time.getTime(),
    contact: email === null ? undefined : { accountId, email, displayName, house },
  };
}
