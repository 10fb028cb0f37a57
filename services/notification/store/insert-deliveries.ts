import type { Sql } from '#platform/postgres/sql.ts';
import type { NewDelivery } from '../domain/message.ts';
import { deliveryValues } from './delivery-values.ts';

/** Queues e-mails, except those whose fact has queued one of this kind already. */
export async function insertDeliveries(tx: Sql, deliveries: readonly NewDelivery[]): Promise<void> {
  await tx.query(
    `INSERT INTO delivery (delivery_id, fact_id, account_id, kind, subject, text, fact_time, next_attempt_time)
     SELECT delivery_id, fact_id, account_id, kind, subject, text, fact_time, due_time
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
       AS new (delivery_id, fact_id, account_id, kind, subject, text, fact_time, due_time)
     ON CONFLICT (fact_id, kind) DO NOTHING`,
    deliveryValues(deliveries),
  );
}
