import type { Sql } from '#platform/postgres/sql.ts';
import type { MessageKind } from '../domain/kinds.ts';
import type { Delivery } from '../domain/message.ts';

type Row = {
  delivery_id: string;
  fact_id: string;
  account_id: string;
  kind: MessageKind;
  subject: string;
  text: string;
  fact_time: Date;
  attempts: number;
};

/** Claims up to `limit` deliveries that are due: one try is counted, and nobody else gets them before `leaseMs` are over. */
export async function claimDeliveries(
  sql: Sql,
  { limit, nowMs, leaseMs }: { limit: number; nowMs: number; leaseMs: number },
): Promise<Delivery[]> {
  const { rows } = await sql.query<Row>(
    `UPDATE delivery SET attempts = attempts + 1, next_attempt_time = $3
     WHERE delivery_id IN (
       SELECT delivery_id FROM delivery WHERE state = 'waiting' AND next_attempt_time <= $2
       ORDER BY next_attempt_time LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING delivery_id, fact_id, account_id, kind, subject, text, fact_time, attempts`,
    [limit, new Date(nowMs), new Date(nowMs + leaseMs)],
  );
  return rows.map((row) => ({
    deliveryId: row.delivery_id,
    factId: row.fact_id,
    accountId: row.account_id,
    kind: row.kind,
    subject: row.subject,
    text: row.text,
    factTimeMs: row.fact_time.getTime(),
    attempts: row.attempts,
  }));
}
