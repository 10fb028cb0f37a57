import type { Sql } from '#platform/postgres/sql.ts';
import type { Payment } from '../../domain/payment.ts';

/** A payment of the local provider; its outcome is hidden until `settleTime`. */
export type LocalPayment = Payment & { settleTime: Date };

const columns = `payment_key AS key, payment_id AS "paymentId", direction, amount_cents AS "amountCents", currency,
  CASE WHEN settle_time <= $1 THEN outcome ELSE 'pending' END AS state, settle_time AS "settleTime"`;

/** The payment under a key, as it is at `now`. */
export async function readLocalPayment(sql: Sql, now: Date, key: string): Promise<LocalPayment | undefined> {
  const { rows } = await sql.query<LocalPayment>(`SELECT ${columns} FROM local_payment WHERE payment_key = $2`, [
    now,
    key,
  ]);
  return rows[0];
}

/** Payments that change after a place in the list, in the order of their last change; one that is pending comes at the end. */
export async function listLocalPayments(
  sql: Sql,
  now: Date,
  { after, limit }: { after: { settleTime: Date; paymentId: string }; limit: number },
): Promise<LocalPayment[]> {
  const { rows } = await sql.query<LocalPayment>(
    `SELECT ${columns} FROM local_payment WHERE (settle_time, payment_id) > ($2::timestamptz, $3::text)
     ORDER BY settle_time, payment_id LIMIT $4`,
    [now, after.settleTime, after.paymentId, limit],
  );
  return rows;
}
