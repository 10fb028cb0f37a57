import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { OrderSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { armedProblem, restingAt } from './armed-rules.ts';

const facts = { size: 5_000_000n, lot: 1_000_000n, value: 900, largeFrom: 1_000, beyondTouchBps: 0 };

describe('armedProblem', () => {
  it('has none with a small order near the market', () => {
    expect(armedProblem(facts)).toBe('');
  });

  it('leaves to the ticket what is large, far, or of an account that is not known', () => {
    expect(armedProblem({ ...facts, value: 1_000 })).toMatch(/large/);
    expect(armedProblem({ ...facts, beyondTouchBps: 201 })).toMatch(/beyond the market/);
    expect(armedProblem({ ...facts, largeFrom: 0 })).toMatch(/not known/);
  });

  it('takes whole lots only', () => {
    for (const size of [undefined, 0n, -1_000_000n, 500_000n]) expect(armedProblem({ ...facts, size })).toMatch(/lot/);
  });
});

describe('restingAt', () => {
  it('takes what rests in a grouped row, and no stop whose worst price is there', () => {
    const order = (orderId: string, limitPrice: string, more: object = {}) =>
      create(OrderSchema, { orderId, limitPrice, side: Side.BUY, type: OrderType.LIMIT, ...more });
    const own = [
      order('in', '180.04'),
      order('below', '179.99'),
      order('offer', '179.96', { side: Side.SELL }),
      order('stop', '180.02', { type: OrderType.STOP, waiting: true }),
    ];
    expect(restingAt(own, 180_000_000n, 50_000n).map(({ orderId }) => orderId)).toEqual(['in', 'offer']);
  });
});
