import type { Sql } from '#platform/postgres/sql.ts';
import { claimDue, type QueueTable } from '#platform/queue/claim-due.ts';

/** A callback in work. */
export type DueCallback = { callbackId: string; eventId: string; key: string; attempts: number };

/** Deliveries of one callback, after which the local provider gives up: it is lost then. */
export const deliveriesMax = 8;

const queue: QueueTable = { name: 'local_callback', key: 'callback_id', isPending: 'true' };

/** Claims callbacks that are due. */
export function claimCallbacks(sql: Sql, claim: { limit: number; nowMs: number; leaseMs: number }) {
  const select = 'SELECT callback_id AS "callbackId", event_id AS "eventId", payment_key AS key, attempts FROM claimed';
  return claimDue<DueCallback>(sql, queue, select, claim);
}

/** Removes a callback that was delivered or given up. */
export async function deleteCallback(sql: Sql, callbackId: string): Promise<void> {
  await sql.query('DELETE FROM local_callback WHERE callback_id = $1', [callbackId]);
}

/** Delivers a callback again at `next`. */
export async function postponeCallback(sql: Sql, callbackId: string, next: Date): Promise<void> {
  await sql.query('UPDATE local_callback SET next_attempt_time = $2 WHERE callback_id = $1', [callbackId, next]);
}
