/** What is due: mails of a fact each, and mails about what a person's orders have come to. */
import type { Database } from '#platform/postgres/sql.ts';
import type { Claim } from '#platform/queue/claim-due.ts';
import { claimDeliveries } from '../store/claim-deliveries.ts';
import { claimOrderMails } from '../store/claim-order-mails.ts';
import type { ClaimedMails } from './run-mail-rounds.ts';

/** Claims up to `limit` mails that are due: by one statement when none of them is about orders. */
export async function claimMails(db: Database, claim: Claim): Promise<ClaimedMails> {
  const { deliveries, nextDueMs, areOrdersDue } = await claimDeliveries(db, claim);
  const room = claim.limit - deliveries.length;
  if (room === 0) return { deliveries, nextDueMs: claim.nowMs };
  if (!areOrdersDue) return { deliveries, nextDueMs };
  const orderMails = await claimOrderMails(db, { ...claim, limit: room });
  // Some may be left, or were put off: the next round reads when they are due.
  return { deliveries: [...deliveries, ...orderMails], nextDueMs: claim.nowMs };
}
