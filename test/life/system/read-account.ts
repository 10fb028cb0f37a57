/** What a user reads of the own account: orders, fills, statement, balances, holds; every list to its last page. */
import type { GatewayCall } from '../../../supervisor/index.ts';
import type { User } from '../../chaos/traffic/open-market.ts';

/** An order as JSON, as far as its fills are concerned. */
export type LifeOrder = {
  orderId: string;
  clientOrderId: string;
  type: string;
  status: string;
  filledQuantity?: string;
  fees?: string;
  revision?: number;
  listId?: string;
  listType?: string;
  listIndex?: number;
  quantity?: string;
};

/** A fill as JSON. */
export type LifeFill = {
  orderId: string;
  symbol: string;
  side: string;
  quantity: string;
  price: string;
  fee: string;
  maker?: boolean;
  changeSequence: string;
};

/** A movement as JSON. */
export type LifeEntry = { kind: string; asset: string; amount: string };

/** A balance as JSON. */
export type LifeBalance = { asset: string; total: string; available: string; held: string };

/** All of it. */
export type LifeAccount = {
  orders: LifeOrder[];
  fills: LifeFill[];
  entries: LifeEntry[];
  balances: LifeBalance[];
  holds: unknown[];
};

const pageSize = 200;
const orderService = 'outcry.order.v1.OrderService';
const ledgerService = 'outcry.ledger.v1.LedgerService';

/** Reads it, each list on its own. */
export async function readAccount(call: GatewayCall, { token }: User): Promise<LifeAccount> {
  const rows = <T>(rpc: string, field: string, filter = {}) => walk<T>(call, token, { rpc, field, filter });
  const oldestFirst = true;
  const { cash, shares = [] } = await call(`${ledgerService}/GetBalances`, {}, token);
  return {
    orders: await rows(`${orderService}/ListOrders`, 'orders', { sort: 'ORDER_SORT_BY_CREATION_OLDEST_FIRST' }),
    fills: await rows(`${orderService}/ListFills`, 'fills', { oldestFirst }),
    entries: await rows(`${ledgerService}/ListStatement`, 'entries', { oldestFirst }),
    balances: [cash, ...(shares as LifeBalance[])] as LifeBalance[],
    holds: await rows(`${ledgerService}/ListHolds`, 'holds'),
  };
}

type Walk = { rpc: string; field: string; filter: object };

async function walk<T>(call: GatewayCall, token: string, { rpc, field, filter }: Walk): Promise<T[]> {
  const rows: T[] = [];
  let pageToken = '';
  do {
    const page = await call(rpc, { ...filter, pageSize, pageToken }, token);
    rows.push(...((page[field] ?? []) as T[]));
    pageToken = String(page.nextPageToken ?? '');
  } while (pageToken !== '');
  return rows;
}
