import type { OpenOrder, StreamOpenAtResponse } from '#gen/outcry/order/v1/internal_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { checkOrderHold, type OrderAtCut } from '../domain/explain-hold.ts';
import { holdsAmong } from '../domain/hold-record.ts';
import { readHolds } from '../store/read-holds.ts';
import type { Findings } from './findings.ts';

/** How many orders were on their way to another state, and the age of the oldest of them. */
export type PendingOrders = { count: bigint; oldestMs: bigint };

/**
 * Compares the orders at the cut with the holds, both ways: each open order has exactly its hold, each open hold its order.
 * Reads message by message; the ids of the orders are stored in a table that lasts as long as the transaction.
 */
export async function checkOrders(
  tx: Sql,
  orders: AsyncIterable<StreamOpenAtResponse>,
  findings: Findings,
): Promise<PendingOrders> {
  await tx.query('CREATE TEMP TABLE audited_order (order_id uuid PRIMARY KEY) ON COMMIT DROP');
  const pending: PendingOrders = { count: 0n, oldestMs: 0n };
  for await (const message of orders) {
    await checkMessage(tx, message.orders, findings);
    for (const order of message.orders) {
      if (!order.passing) continue;
      pending.count += 1n;
      if (order.ageMs > pending.oldestMs) pending.oldestMs = order.ageMs;
    }
  }
  await findUnexplained(tx, findings);
  return pending;
}

async function checkMessage(tx: Sql, orders: readonly OpenOrder[], findings: Findings): Promise<void> {
  const orderIds = orders.map(({ orderId }) => orderId).filter(isUuidV7);
  const holds = holdsAmong(await readHolds(tx, orderIds));
  for (const order of orders) {
    const difference = checkOrderHold(toOrderAtCut(order), holds.get(order.orderId));
    if (!difference) continue;
    findings.add({ rule: 'open-order-has-its-hold', subject: `order ${order.orderId}`, ...difference });
  }
  await tx.query('INSERT INTO audited_order SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING', [orderIds]);
}

async function findUnexplained(tx: Sql, findings: Findings): Promise<void> {
  const { rows } = await tx.query<{ order_id: string; account_id: string; total: bigint }>(
    `SELECT order_id, account_id, count(*) OVER () AS total FROM hold
     WHERE state = 'open' AND NOT EXISTS (SELECT FROM audited_order WHERE audited_order.order_id = hold.order_id)
     ORDER BY order_id LIMIT $1`,
    [findings.max],
  );
  const found = rows.map(({ order_id, account_id }) => ({
    rule: 'hold-has-its-order',
    subject: `hold ${order_id} of account ${account_id}`,
    expected: 'an open or pending order',
    found: 'none',
  }));
  findings.addAll(found, Number(rows[0]?.total ?? 0));
}

function toOrderAtCut(order: OpenOrder): OrderAtCut {
  return {
    orderId: order.orderId,
    isPending: order.passing,
    terms: {
      accountId: order.accountId,
      symbol: order.symbol,
      side: order.side === Side.BUY ? 'buy' : 'sell',
      lots: order.quantityLots,
      priceTicks: order.priceTicks,
      tickLotCents: order.tickLotCents,
      lotMicros: order.lotMicros,
      makerBps: order.makerBps,
      takerBps: order.takerBps,
    },
    progress: {
      filledLots: order.filledLots,
      makerValueCents: order.makerValueCents,
      takerValueCents: order.takerValueCents,
    },
  };
}
