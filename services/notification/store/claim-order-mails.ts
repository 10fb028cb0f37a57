import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';
import type { Claim } from '#platform/queue/claim-due.ts';
import { gatherOrders, type OrderMail } from '../domain/gather-orders.ts';
import type { ClaimedDelivery } from '../domain/message.ts';
import { lockWaitingOrders } from './lock-waiting-orders.ts';

/**
 * Claims mails about orders for up to `limit` people, one each: the mail of a single order, or a new one in the place of several. What it
 * takes the place of counts as sent from then on: the new one alone is tried again, given up and redriven.
 */
export async function claimOrderMails(db: Database, { limit, nowMs, leaseMs }: Claim): Promise<ClaimedDelivery[]> {
  return db.transaction(async (tx) => {
    const waiting = await lockWaitingOrders(tx, { accountsMax: limit, nowMs });
    if (waiting.length === 0) return [];
    const mails = gatherOrders(waiting, () => uuidV7(nowMs));
    await writeOrderMails(tx, mails, { nowMs, endMs: nowMs + leaseMs });
    return mails.map(({ mail }) => mail);
  });
}

async function writeOrderMails(tx: Sql, mails: OrderMail[], times: { nowMs: number; endMs: number }): Promise<void> {
  const single = mails.filter(({ replaces }) => replaces.length === 0).map(({ mail }) => mail);
  const gathered = mails.filter(({ replaces }) => replaces.length > 0);
  const added = gathered.map(({ mail }) => mail);
  await tx.query(
    `WITH claimed AS (
       UPDATE delivery SET attempts = 1, next_attempt_time = $3 WHERE delivery_id = ANY ($1::uuid[])),
     replaced AS (
       UPDATE delivery SET state = 'sent', text = '', end_time = $4 WHERE delivery_id = ANY ($2::uuid[]))
     INSERT INTO delivery (delivery_id, fact_id, account_id, kind, subject, text, fact_time, attempts, next_attempt_time)
     SELECT id, id, account_id, kind, subject, text, fact_time, 1, $3
     FROM unnest($5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])
       AS new (id, account_id, kind, subject, text, fact_time)`,
    [
      single.map(({ deliveryId }) => deliveryId),
      gathered.flatMap(({ replaces }) => replaces),
      new Date(times.endMs),
      new Date(times.nowMs),
      added.map(({ deliveryId }) => deliveryId),
      added.map(({ accountId }) => accountId),
      added.map(({ kind }) => kind),
      added.map(({ subject }) => subject),
      added.map(({ text }) => text),
      added.map(({ factTimeMs }) => new Date(factTimeMs)),
    ],
  );
}
