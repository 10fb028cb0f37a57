import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../../domain/order.ts';
import { toSpecialTermsColumn } from '../special-terms-column.ts';

const saveSql = `
  UPDATE orders AS o SET revision = n.revision, replace_number = n.number, replace_lots = n.lots, replace_price_ticks = n.price_ticks,
    replace_stop_ticks = n.stop_ticks, special_terms = n.special_terms, replace_specials = n.specials, list_ticks = n.list_ticks
  FROM unnest($1::uuid[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::jsonb[], $8::jsonb[], $9::bigint[])
    AS n (order_id, revision, number, lots, price_ticks, stop_ticks, special_terms, specials, list_ticks)
  WHERE o.order_id = n.order_id`;

/** Writes revision, pending change, special terms and weight in their list of these orders; without any it does nothing, so that orders that are never changed cost nothing. */
export async function saveReshaped(tx: Sql, orders: readonly Order[]): Promise<void> {
  if (orders.length === 0) return;
  await tx.query(saveSql, [
    orders.map(({ orderId }) => orderId),
    orders.map(({ revision }) => revision),
    orders.map(({ replaceNumber }) => replaceNumber),
    orders.map(({ pendingReplace }) => pendingReplace?.quantityLots ?? null),
    orders.map(({ pendingReplace }) => pendingReplace?.priceTicks ?? null),
    orders.map(({ pendingReplace }) => pendingReplace?.stopTicks ?? null),
    orders.map(({ specials }) => columnText(specials)),
    orders.map(({ pendingReplace }) => columnText(pendingReplace?.specials)),
    orders.map(({ leg }) => leg?.exposureTicks ?? null),
  ]);
}

function columnText(specials: Order['specials']): string | null {
  return specials === undefined ? null : JSON.stringify(toSpecialTermsColumn(specials));
}
