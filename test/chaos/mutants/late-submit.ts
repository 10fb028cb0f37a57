/** An order whose executor is stopped right before its Submit, which then arrives late. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fromBinary } from '@bufbuild/protobuf';
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { readServiceKeys } from '../../../supervisor/index.ts';
import { victimOf } from '../faults/victims.ts';
import { connectStores } from '../judge/stores.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import type { Operation } from '../traffic/operations.ts';
import type { Scenario, Stage } from './scenario.ts';
import { arm, goOn, oneStopped } from './stopping.ts';

const executors = ['order-0', 'order-1'];
const submitPoint = '^call /outcry.exchange.v1.ExchangeService/Submit before$';
const voidPoint = '^call /outcry.exchange.v1.ExchangeService/Void before$';
// An order at the market that is older than this is only ever compensated; with some more for the sweeper of a busy machine.
const immediateAgeMs = 6_000;

/** An order on its way, whose executor is stopped. */
export type StoppedOrder = {
  operation: Operation;
  /** Resolves when its client knows its outcome. */
  settled: Promise<void>;
  /** The process that is stopped, and the one that goes on. */
  executor: string;
  other: string;
};

/** Sends an order, and stops the process that executes it right before its Submit leaves. */
export async function stopExecutor(
  { target, client }: Pick<Stage, 'target' | 'client'>,
  user: number,
  terms: Record<string, unknown>,
): Promise<StoppedOrder> {
  for (const name of executors) await arm(target, name, submitPoint);
  const { operation, settled } = client.begin(user, terms);
  const executor = await oneStopped(target, executors);
  const other = executors.find((name) => name !== executor) ?? '';
  await arm(target, other, '');
  return { operation, settled, executor, other };
}

/** Stops the other process until an order for the moment is too old to be submitted, so that it compensates it when it goes on. */
export async function growOld(target: ChaosSystem, other: string): Promise<void> {
  const thaw = victimOf(target, other).freeze();
  await sleep(immediateAgeMs).finally(thaw);
}

/** An order as the order service has stored it. */
export type OrderRow = {
  order_id: string;
  account_id: string;
  symbol: string;
  side: string;
  state: string;
  price_ticks: string;
  quantity_lots: string;
};

/** The order of a key. */
export async function readOrder({ system }: ChaosSystem, key: string): Promise<OrderRow> {
  await using stores = await connectStores(system, ['order']);
  const [row] = await stores.read<OrderRow>(
    'order',
    `SELECT order_id, account_id, symbol, side, state, price_ticks, quantity_lots FROM orders WHERE client_order_id = $1`,
    [key],
  );
  if (row === undefined) throw new Error(`no order has the key ${key}`);
  return row;
}

/** Sends the Submit of an order to the exchange, as a network would that has delayed it. Resolves to the exchange's results. */
export async function deliverSubmit({ system }: ChaosSystem, order: OrderRow) {
  const ports = system.run().processes.filter(({ name }) => name === 'exchange');
  await using exchange = createRpcClient(ExchangeService, {
    address: `ipv4:${ports.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    serviceToken: createServiceTokenSource('order', readServiceKeys(system.dataDirectory, 'order')),
  });
  const { results } = await exchange.submit({
    orders: [
      {
        orderId: order.order_id,
        accountId: order.account_id,
        symbol: order.symbol,
        side: order.side === 'buy' ? Side.BUY : Side.SELL,
        type: OrderType.LIMIT,
        timeInForce: TimeInForce.IOC,
        priceTicks: BigInt(order.price_ticks),
        quantityLots: BigInt(order.quantity_lots),
      },
    ],
  });
  return results;
}

/** How often the exchange has accepted an order. */
export async function countAccepted({ system }: ChaosSystem, orderId: string): Promise<number> {
  await using stores = await connectStores(system, ['exchange']);
  const rows = await stores.read<{ events: Buffer }>('exchange', 'SELECT events FROM journal');
  const all = rows.flatMap(({ events }) => fromBinary(FollowResponseSchema, events).events);
  return all.filter(({ event }) => event.case === 'accepted' && event.value.order?.orderId === orderId).length;
}

/**
 * The Submit arrives at the worst moment of the order's compensation: another process is about to void the order. The hold must still be
 * there then.
 */
export const submitMeetsCompensation: Scenario = async (stage) => {
  const { target, market, client } = stage;
  const [symbol = ''] = market.symbols;
  await client.place(1, { symbol, side: 'SIDE_SELL', type: 'ORDER_TYPE_LIMIT', quantity: '3', limitPrice: '100.00' });
  const terms = { symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', quantity: '3' };
  const { operation, settled, executor, other } = await stopExecutor(stage, 0, terms);
  await arm(target, other, voidPoint);
  await growOld(target, other);
  await oneStopped(target, [other]);
  await deliverSubmit(target, await readOrder(target, operation.key));
  for (const name of [executor, other]) goOn(target, name);
  await settled;
};
