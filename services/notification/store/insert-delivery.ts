import type { Sql } from '#platform/postgres/sql.ts';
import type { Delivery } from '../domain/message.ts';

/** Queues an e-mail, due at once, unless its fact has queued one of this kind already. */
export async function insertDelivery(tx: Sql, delivery: Omit<Delivery, 'attempts'>, nowMs: number): Promise<void> {
  await tx.query(
    `INSERT INTO delivery (delivery_id, fact_id, account_id, kind, subject, text, fact_time, next_attempt_time)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (fact_id, kind) DO NOTHING`,
    [
      delivery.deliveryId,
      delivery.factId,
      delivery.accountId,
      delivery.kind,
      delivery.subject,
      delivery.text,
      new Date(delivery.factTimeMs),
      new Date(nowMs),
    ],
  );
}
