import { create } from '@bufbuild/protobuf';
import { signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';
import { type Order, OrderSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';

const openOrders = signal<Order[]>([]);
const listOrders = vi.fn();
vi.mock('../../rpc/clients.ts', () => ({ orders: { listOrders } }));
vi.mock('../../store/own-orders.ts', () => ({ openOrders }));
vi.mock('../../store/selection.ts', () => ({ selectedSymbol: signal('ACME') }));

const { followTrails, trailTriggers, triggerOf } = await import('./trail-trigger.ts');
const trailing = (fields: object) =>
  create(OrderSchema, { orderId: 'o', symbol: 'ACME', side: Side.SELL, waiting: true, trailPercent: '2.5', ...fields });

describe('triggerOf', () => {
  it('is the trail below the best price of a sell and above that of a buy', () => {
    expect(triggerOf(trailing({ trailReferencePrice: '200' }))).toBe('195');
    const buy = trailing({ side: Side.BUY, trailPercent: '', trailAmount: '1.50', trailReferencePrice: '200' });
    expect(triggerOf(buy)).toBe('201.5');
    expect(triggerOf(trailing({}))).toBe('');
  });
});

describe('followTrails', () => {
  it('asks only while an order of the symbol trails', async () => {
    listOrders.mockResolvedValue({ orders: [trailing({ trailReferencePrice: '200' })] });
    const stop = followTrails();
    expect(listOrders).not.toHaveBeenCalled();
    openOrders.value = [trailing({})];
    await vi.waitFor(() => expect(trailTriggers.value.get('o')).toBe('195'));
    openOrders.value = [trailing({ waiting: false })];
    expect(trailTriggers.value.size).toBe(0);
    stop();
    expect(listOrders).toHaveBeenCalledTimes(1);
  });
});
