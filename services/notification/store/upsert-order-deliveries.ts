import type { Sql } from '#platform/postgres/sql.ts';
import type { OrderDelivery } from '../domain/message.ts';
import { deliveryValues } from './delivery-values.ts';

/**
 * Queues the e-mail of each order, at most one of an order: it takes the place of the one before, unless that is of the same or a later
 * state of the order. One that has not been attempted is sent no later for it. None is due before the next mail about orders may go to
 * its person.
 */
export async function upsertOrderDeliveries(tx: Sql, deliveries: readonly OrderDelivery[]): Promise<void> {
  // In one sequence of keys, so that two pages with the same orders do not wait for each other.
  const sorted = deliveries.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
  await tx.query(
    `INSERT INTO delivery AS stored (delivery_id, fact_id, account_id, kind, subject, text, fact_time, next_attempt_time,
       order_id, order_version, order_ended)
     SELECT delivery_id, fact_id, new.account_id, kind, subject, text, fact_time, greatest(due_time, next_time),
       order_id, order_version, order_ended
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[],
       $9::uuid[], $10::bigint[], $11::boolean[])
       AS new (delivery_id, fact_id, account_id, kind, subject, text, fact_time, due_time, order_id, order_version, order_ended)
     LEFT JOIN order_mail_pace AS pace ON pace.account_id = new.account_id AND pace.account_id = ANY ($3)
     ORDER BY order_id
     ON CONFLICT (order_id) WHERE order_id IS NOT NULL DO UPDATE SET
       delivery_id = excluded.delivery_id, fact_id = excluded.fact_id, kind = excluded.kind, subject = excluded.subject,
       text = excluded.text, fact_time = excluded.fact_time, order_version = excluded.order_version,
       order_ended = excluded.order_ended, state = 'waiting', attempts = 0, end_time = NULL, dead_letter_id = NULL, last_failure = '',
       next_attempt_time = CASE WHEN stored.state = 'waiting' AND stored.attempts = 0
         THEN least(stored.next_attempt_time, excluded.next_attempt_time) ELSE excluded.next_attempt_time END
     WHERE (stored.order_ended, stored.order_version) < (excluded.order_ended, excluded.order_version)`,
    [
      ...deliveryValues(sorted),
      sorted.map(({ orderId }) => orderId),
      sorted.map(({ orderVersion }) => orderVersion),
      sorted.map(({ hasEnded }) => hasEnded),
    ],
  );
}
