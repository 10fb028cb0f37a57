import type { Sql } from '#platform/postgres/sql.ts';
import { type Claim, claimDue, type QueueTable } from '#platform/queue/claim-due.ts';
import type { MessageKind } from '../domain/kinds.ts';
import type { ClaimedDelivery } from '../domain/message.ts';
import { isGathered } from './lock-waiting-orders.ts';

/**
 * What was claimed, and when the next mail is due that is not yet; undefined: none waits. `areOrdersDue`: there are mails about orders that
 * are due and have not been attempted, which this claim leaves to be gathered.
 */
export type ClaimedDeliveries = {
  deliveries: ClaimedDelivery[];
  nextDueMs: number | undefined;
  areOrdersDue: boolean;
};

const deliveryQueue: QueueTable = {
  name: 'delivery',
  key: 'delivery_id',
  isPending: `state = 'waiting' AND NOT (${isGathered})`,
};

type Row = { next_due: Date | null; orders_due: boolean; delivery_id: string | null } & DeliveryRow;
type DeliveryRow = {
  fact_id: string;
  account_id: string;
  kind: MessageKind;
  subject: string;
  text: string;
  fact_time: Date;
  attempts: number;
  email: string | null;
  display_name: string;
  house: boolean;
};

// One row at least, with the time that is next. OFFSET 0 leaves no plan but a look at the key of each contact.
const select = `
  SELECT next_due, orders_due, delivery_id, fact_id, account_id, kind, subject, text, fact_time, attempts, email, display_name, house
  FROM (SELECT min(next_attempt_time) AS next_due FROM delivery WHERE state = 'waiting' AND next_attempt_time > $2) AS later
  CROSS JOIN (SELECT EXISTS (SELECT FROM delivery WHERE ${isGathered} AND next_attempt_time <= $2) AS orders_due) AS orders
  LEFT JOIN claimed ON true
  LEFT JOIN LATERAL (
    SELECT email, display_name, house FROM contact WHERE contact.account_id = claimed.account_id OFFSET 0) AS person ON true`;

/** Claims up to `limit` deliveries that are due, but for those that are gathered, with the contacts of their people. */
export async function claimDeliveries(sql: Sql, claim: Claim): Promise<ClaimedDeliveries> {
  const rows = await claimDue<Row>(sql, deliveryQueue, select, claim);
  return {
    deliveries: rows.flatMap(({ delivery_id, ...row }) => (delivery_id === null ? [] : toDelivery(delivery_id, row))),
    nextDueMs: rows[0]?.next_due?.getTime(),
    areOrdersDue: rows[0]?.orders_due ?? false,
  };
}

function toDelivery(deliveryId: string, row: DeliveryRow): ClaimedDelivery {
  const { account_id: accountId, email, display_name: displayName, house } = row;
  return {
    deliveryId,
    factId: row.fact_id,
    accountId,
    kind: row.kind,
    subject: row.subject,
    text: row.text,
    factTimeMs: row.fact_time.getTime(),
    attempts: row.attempts,
    contact: email === null ? undefined : { accountId, email, displayName, house },
  };
}
