import { create } from '@bufbuild/protobuf';
import { signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';
import { OrderSchema, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import type { Feed } from '../rpc/follow.ts';

type Message = { message: { case: string; value?: unknown }; resumeToken: string };
const feeds: Feed<Message>[] = [];
const frames: (() => void)[] = [];
const isLoggedIn = signal(false);
vi.mock('../rpc/clients.ts', () => ({ orders: {} }));
vi.mock('../rpc/session.ts', () => ({ isLoggedIn }));
vi.mock('../rpc/follow.ts', () => ({ follow: async (feed: Feed<Message>) => void feeds.push(feed) }));
vi.mock('./frame.ts', () => ({ onNextFrame: (flush: () => void) => frames.push(flush) }));

const { areOrdersOld, followOwnOrders, openOrders } = await import('./own-orders.ts');
const order = create(OrderSchema, { orderId: 'o', status: OrderStatus.OPEN, version: 1n });
const change = { message: { case: 'order', value: order }, resumeToken: 't' };
const paint = () => {
  for (const flush of frames.splice(0)) flush();
};

describe('followOwnOrders', () => {
  it('says that orders are old while their stream is broken, and shows none of them to the next person', () => {
    followOwnOrders();
    isLoggedIn.value = true;
    feeds[0]?.onBroken?.(250);
    expect(areOrdersOld.value).toBe(true);
    feeds[0]?.onMessage(change);
    paint();
    expect([areOrdersOld.value, openOrders.value.length]).toEqual([false, 1]);

    feeds[0]?.onMessage(change);
    isLoggedIn.value = false;
    isLoggedIn.value = true;
    paint();
    expect(openOrders.value).toEqual([]);
  });
});
