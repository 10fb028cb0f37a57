import type { Sql } from '#platform/postgres/sql.ts';
import type { PaymentOrder, PaymentState } from '../../domain/payment.ts';

/** A payment that the local provider makes, with its outcome and when that is known. */
export type NewLocalPayment = PaymentOrder & {
  paymentId: string;
  outcome: Exclude<PaymentState, 'pending'>;
  createTime: Date;
  settleTime: Date;
};

/** A callback to be sent. */
export type NewLocalCallback = { callbackId: string; eventId: string; sendTime: Date };

/** Makes a payment and its callbacks by one statement; false when there is one under the key already. At most a few callbacks. */
export async function insertLocalPayment(
  sql: Sql,
  payment: NewLocalPayment,
  callbacks: readonly NewLocalCallback[],
): Promise<boolean> {
  const { rows } = await sql.query<{ made: bigint }>(
    `WITH payment AS (
       INSERT INTO local_payment (payment_key, payment_id, direction, amount_cents, currency, outcome, create_time, settle_time)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING payment_key
     ), callback AS (
       INSERT INTO local_callback (callback_id, event_id, payment_key, next_attempt_time)
       SELECT callback_id, event_id, payment_key, send_time
       FROM payment, unnest($9::uuid[], $10::text[], $11::timestamptz[]) AS sent (callback_id, event_id, send_time)
     )
     SELECT count(*) AS made FROM payment`,
    [
      payment.key,
      payment.paymentId,
      payment.direction,
      payment.amountCents,
      payment.currency,
      payment.outcome,
      payment.createTime,
      payment.settleTime,
      callbacks.map(({ callbackId }) => callbackId),
      callbacks.map(({ eventId }) => eventId),
      callbacks.map(({ sendTime }) => sendTime),
    ],
  );
  return rows[0]?.made === 1n;
}
