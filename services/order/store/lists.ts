/** Lists, and the orders of one list. */
import type { Sql } from '#platform/postgres/sql.ts';
import type { Order } from '../domain/order.ts';
import type { ListType, OrderList } from '../domain/order-list.ts';
import { fromOrderRow, type OrderRow, toJson } from './order-row.ts';

/** A client_list_id of an account. */
export type ListKey = Pick<OrderList, 'accountId' | 'clientListId'>;

type ListRow = {
  list_id: string;
  account_id: string;
  client_list_id: string;
  type: ListType;
  fingerprint: string;
  create_time: Date;
};

/** The lists that were placed under these keys, in any order. */
export async function findListsByKey(db: Sql, keys: readonly ListKey[]): Promise<OrderList[]> {
  const { rows } = await db.query<ListRow>(
    `SELECT l.* FROM order_lists AS l
     JOIN unnest($1::uuid[], $2::text[]) AS k (account_id, client_list_id)
       ON l.account_id = k.account_id AND l.client_list_id = k.client_list_id COLLATE "C"`,
    [keys.map(({ accountId }) => accountId), keys.map(({ clientListId }) => clientListId)],
  );
  return rows.map(fromListRow);
}

/** A list by its id; undefined when there is none. */
export async function readList(db: Sql, listId: string): Promise<OrderList | undefined> {
  const { rows } = await db.query<ListRow>('SELECT * FROM order_lists WHERE list_id = $1', [listId]);
  return rows[0] && fromListRow(rows[0]);
}

/** The orders of a list, in their order. */
export async function readLegs(db: Sql, listId: string): Promise<Order[]> {
  const { rows } = await db.query<OrderRow>('SELECT * FROM orders WHERE list_id = $1 ORDER BY list_index', [listId]);
  return rows.map(fromOrderRow);
}

const columns = 'list_id, account_id, client_list_id, type, fingerprint, create_time';

/** Stores new lists. The transaction must have locked their accounts. */
export async function insertLists(tx: Sql, lists: readonly OrderList[]): Promise<void> {
  await tx.query(
    `INSERT INTO order_lists (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::order_lists, $1)`,
    [toJson(lists.map(toListRow))],
  );
}

function fromListRow(row: ListRow): OrderList {
  return {
    listId: row.list_id,
    accountId: row.account_id,
    clientListId: row.client_list_id,
    type: row.type,
    fingerprint: row.fingerprint,
    createTimeMs: row.create_time.getTime(),
  };
}

function toListRow(list: OrderList): ListRow {
  return {
    list_id: list.listId,
    account_id: list.accountId,
    client_list_id: list.clientListId,
    type: list.type,
    fingerprint: list.fingerprint,
    create_time: new Date(list.createTimeMs),
  };
}
