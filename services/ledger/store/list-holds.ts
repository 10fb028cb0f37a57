import type { Sql } from '#platform/postgres/sql.ts';
import { cashAsset } from '../domain/asset.ts';

/** An open hold as its owner sees it. */
export type ListedHold = { orderId: string; asset: string; amount: bigint; createTime: Date; listId: string | null };

const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Open holds of an account whose order ids come after `afterOrderId`; order ids rise with time. The one hold of the exits of a list comes once,
 * with its list.
 */
export async function listHolds(
  sql: Sql,
  accountId: string,
  afterOrderId: string | undefined,
  limit: number,
): Promise<ListedHold[]> {
  const { rows } = await sql.query<ListedHold>(
    `SELECT order_id AS "orderId", CASE side WHEN 'buy' THEN $4 ELSE symbol END AS asset, amount,
       create_time AS "createTime", CASE WHEN list_role > 0 THEN list_id END AS "listId"
     FROM hold WHERE account_id = $1 AND state = 'open' AND amount > 0 AND order_id > $2 ORDER BY order_id LIMIT $3`,
    [accountId, afterOrderId ?? firstId, limit, cashAsset],
  );
  return rows;
}
