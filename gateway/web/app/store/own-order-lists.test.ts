import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FillSchema, OrderSchema, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { withFills, withOrders } from './own-order-lists.ts';

const order = (orderId: string, version: number, status: OrderStatus) =>
  create(OrderSchema, { orderId, version: BigInt(version), status });
const fill = (tradeId: string, orderId = 'a') => create(FillSchema, { tradeId, orderId });

describe('withOrders', () => {
  it('never takes an order back to an older state', () => {
    const filled = withOrders(new Map(), [order('a', 3, OrderStatus.FILLED)]);
    expect(withOrders(filled, [order('a', 2, OrderStatus.OPEN)])).toBe(filled);
    expect(withOrders(filled, [order('a', 0, OrderStatus.OPEN)])).toBe(filled);
  });

  it('has the newest change last', () => {
    const first = withOrders(new Map(), [order('a', 1, OrderStatus.OPEN), order('b', 1, OrderStatus.OPEN)]);
    const next = withOrders(first, [order('a', 2, OrderStatus.PARTIALLY_FILLED)]);
    expect([...next.keys()]).toEqual(['b', 'a']);
  });

  it('has at most 10,000, and never drops an open one', () => {
    const open = order('open', 1, OrderStatus.OPEN);
    const ended = Array.from({ length: 10_050 }, (_, id) => order(`e${id}`, 1, OrderStatus.FILLED));
    const all = withOrders(new Map(), [open, ...ended]);
    expect(all.size).toBe(10_000);
    expect(all.has('open')).toBe(true);
  });
});

describe('withFills', () => {
  it('has each fill once, newest first', () => {
    const fills = withFills(withFills([], [fill('1'), fill('2')]), [fill('2'), fill('3')]);
    expect(fills.map(({ tradeId }) => tradeId)).toEqual(['3', '2', '1']);
    expect(withFills(fills, [fill('3', 'b')])).toHaveLength(4);
  });
});
