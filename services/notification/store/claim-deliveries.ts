import type { Sql } from '#platform/postgres/sql.ts';
import { type Claim, claimDue, type QueueTable } from '#platform/queue/claim-due.ts';
import type { MessageKind } from '../domain/kinds.ts';
import type { Delivery } from '../domain/message.ts';

/** Deliveries as a work queue. */
export const deliveryQueue: QueueTable = { name: 'delivery', key: 'delivery_id', isPending: `state = 'waiting'` };

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

/** Claims up to `limit` deliveries that are due. */
export async function claimDeliveries(sql: Sql, claim: Claim): Promise<Delivery[]> {
  const select = 'SELECT delivery_id, fact_id, account_id, kind, subject, text, fact_time, attempts FROM claimed';
  const rows = await claimDue<Row>(sql, deliveryQueue, select, claim);
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
