/** The holds of whole lists. */
import type { Sql } from '#platform/postgres/sql.ts';
import type { Hold } from '../domain/hold.ts';
import type { HoldRecord } from '../domain/hold-record.ts';
import { isExitHold, isLeg, type LegHold, type ListHolds } from '../domain/settle-list.ts';
import { type HoldRow, holdColumns, listRoles, toHoldRecord } from './hold-row.ts';

/**
 * Locks and reads the legs of all lists that one of the holds belongs to, until the transaction ends, by list id. Those among `holds` are the same
 * objects; the others are added to them. No statement is run where none is a leg. The balances of their owners must be locked: then no other
 * transaction has one of these rows and waits for another.
 */
export async function lockLists(tx: Sql, holds: Map<string, Hold>): Promise<Map<string, ListHolds>> {
  const listIds = new Set<string>();
  for (const { leg } of holds.values()) if (leg) listIds.add(leg.listId);
  if (listIds.size === 0) return new Map();
  const { rows } = await tx.query<HoldRow>(
    `SELECT ${holdColumns} FROM hold WHERE list_id = ANY($1::uuid[]) ORDER BY order_id FOR UPDATE`,
    [[...listIds]],
  );
  const legs = rows.map(toHoldRecord).flatMap((record) => legOf(record, holds));
  for (const leg of legs) holds.set(leg.orderId, leg);
  const byRole = legs.toSorted((one, other) => listRoles.indexOf(one.leg.role) - listRoles.indexOf(other.leg.role));
  return Map.groupBy(byRole, ({ leg }) => leg.listId);
}

function legOf(record: HoldRecord, holds: ReadonlyMap<string, Hold>): LegHold[] {
  if (record.kind !== 'hold') return [];
  const hold = holds.get(record.hold.orderId) ?? record.hold;
  return isLeg(hold) ? [hold] : [];
}

/** Writes the lots that are coming to the exits among the holds; no statement is run where there are none. */
export async function writeComingLots(tx: Sql, holds: readonly Hold[]): Promise<void> {
  const exits = holds.filter(isExitHold);
  if (exits.length === 0) return;
  await tx.query(
    `UPDATE hold SET coming_lots = next.coming_lots FROM unnest($1::uuid[], $2::bigint[]) AS next (order_id, coming_lots)
     WHERE hold.order_id = next.order_id AND hold.coming_lots IS DISTINCT FROM next.coming_lots`,
    [exits.map(({ orderId }) => orderId), exits.map(({ leg }) => leg.comingLots)],
  );
}
