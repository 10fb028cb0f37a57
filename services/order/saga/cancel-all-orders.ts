import { jsonAnswer, runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { OrderDeps } from '../deps.ts';
import type { Order } from '../domain/order.ts';
import { type CutFilter, listOrdersOfCut, type OpenOrdersCut, readOpenOrdersCut } from '../store/open-orders-cut.ts';
import { requestCancels, sendCancel } from './cancel-order.ts';

/** Which orders to cancel. Without a key a repeat is a further call. */
export type CancelAllRequest = CutFilter & { key: string | undefined };

/**
 * How many orders were cancelled or will be, and of how many the exchange does not know yet: the sweeper sends their cancels. `cut`: which they
 * are; undefined when there was none.
 */
export type CancelAllResult = { requested: number; unsent: number; cut: OpenOrdersCut | undefined };

const pageMax = 500;
const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Cancels every order that is not final when the call comes, however many: first all requests are recorded, page by page, so that none is
 * lost whatever follows, then the cancels are sent. Orders placed afterwards stay. A repeat under the key has the same cut and goes on with
 * what is left of it.
 */
export async function cancelAllOrders(deps: OrderDeps, request: CancelAllRequest): Promise<CancelAllResult> {
  const cut = await cutOf(deps, request);
  if (cut === undefined) return { requested: 0, unsent: 0, cut };
  await forEachPage(deps, cut, (orders) => requestCancels(deps, orders));
  let unsent = 0;
  await forEachPage(deps, cut, async (orders) => {
    const open = orders.filter(({ state }) => state === 'open');
    const sent = await Promise.all(open.map((order) => sendCancel(deps, order)));
    unsent += sent.filter((isSent) => !isSent).length;
  });
  return { requested: cut.count, unsent, cut };
}

/** The orders that are open now; under a key those that were open when it was first used. Throws KEY_REUSED for another symbol or side. */
function cutOf({ db }: OrderDeps, { key, ...filter }: CancelAllRequest): Promise<OpenOrdersCut | undefined> {
  if (key === undefined) return readOpenOrdersCut(db, filter);
  return db.transaction(async (tx: Sql) => {
    const { cut } = await runIdempotent<{ cut?: OpenOrdersCut }>(tx, {
      scope: `cancel-all:${filter.accountId}`,
      key,
      // Both sides as before there was a side to name: keys that were stored then are the same call still.
      fingerprint: filter.side === undefined ? filter.symbol : `${filter.symbol} ${filter.side}`,
      run: async () => {
        const read = await readOpenOrdersCut(tx, filter);
        return read === undefined ? {} : { cut: read };
      },
      ...jsonAnswer(),
    });
    return cut;
  });
}

/** Whether every order of the cut is final by now. */
export async function isCutFinal({ db }: OrderDeps, cut: OpenOrdersCut): Promise<boolean> {
  return (await listOrdersOfCut(db, cut, { afterId: firstId, limit: 1 })).length === 0;
}

async function forEachPage(
  { db }: OrderDeps,
  cut: OpenOrdersCut,
  work: (orders: Order[]) => Promise<unknown>,
): Promise<void> {
  for (let afterId = firstId; ; ) {
    const orders = await listOrdersOfCut(db, cut, { afterId, limit: pageMax });
    if (orders.length > 0) await work(orders);
    const last = orders.at(-1);
    if (last === undefined || orders.length < pageMax) return;
    afterId = last.orderId;
  }
}
