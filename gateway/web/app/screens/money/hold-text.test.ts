import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { OrderSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { holdText } from './hold-text.ts';

const placesFor = () => ({ price: 2 });
const order = create(OrderSchema, {
  symbol: 'ACME',
  side: Side.BUY,
  type: OrderType.LIMIT,
  quantity: '400',
  limitPrice: '180',
  timeInForce: TimeInForce.GTC,
});

describe('holdText', () => {
  it('says the order, and that the exits of a list share a hold', () => {
    expect(holdText({ orderId: 'o', listId: '' }, order, placesFor)).toBe('Buy 400 ACME at 180.00, until cancelled');
    expect(holdText({ orderId: 'o', listId: 'l' }, order, placesFor)).toContain('for all exits of its list');
  });

  it('says from which price a stop acts, not its worst price', () => {
    const stop = { ...order, side: Side.SELL, type: OrderType.STOP, stopPrice: '170', limitPrice: '161.50' };
    expect(holdText({ orderId: 'o', listId: '' }, stop, placesFor)).toBe(
      'Sell 400 ACME at market from 170.00, until cancelled',
    );
  });

  it('has the id of an order that is not read', () => {
    expect(holdText({ orderId: 'o-1', listId: '' }, undefined, placesFor)).toBe('Order o-1');
  });
});
