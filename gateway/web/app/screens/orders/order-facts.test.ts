import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderSchema, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { orderFacts } from './order-facts.ts';

const shown = { places: { price: 2, average: 4 }, zone: { name: 'UTC', label: 'UTC' }, nowMs: 0 };

describe('orderFacts', () => {
  it('says why an order was refused, with the numbers', () => {
    const order = create(OrderSchema, {
      side: Side.BUY,
      type: OrderType.LIMIT,
      quantity: '400',
      limitPrice: '180',
      status: OrderStatus.REJECTED,
      refusal: {
        reason: ErrorReason.CASH_INSUFFICIENT,
        metadata: { needed: '72000', available: '100', held: '0' },
      },
    });
    const facts = Object.fromEntries(orderFacts(order, shown));
    expect(facts.State).toMatch(/^Rejected: needs up to 72,000/);
    expect(facts.Limit).toBe('180.00');
  });

  it('calls the limit of a stop its worst price, and that of a stop limit its limit', () => {
    const nameOf = (type: OrderType, fields: object) => {
      const facts = orderFacts(create(OrderSchema, { type, limitPrice: '90', ...fields }), shown);
      return facts.find(([, text]) => text === '90.00')?.[0];
    };
    expect(nameOf(OrderType.STOP_LIMIT, { stopPrice: '95' })).toBe('Limit');
    expect(nameOf(OrderType.TRAILING_STOP, { trailPercent: '3' })).toBe('Worst price');
    expect(nameOf(OrderType.STOP, { stopPrice: '95' })).toBe('Worst price');
  });

  it('leaves out what an order does not have', () => {
    const facts = orderFacts(create(OrderSchema, { side: Side.SELL, type: OrderType.MARKET, quantity: '1' }), shown);
    const names = facts.map(([name]) => name);
    for (const name of ['Trigger', 'Trail', 'Cash to spend', 'Rests only', 'Expires'])
      expect(names).not.toContain(name);
  });
});
