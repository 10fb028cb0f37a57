import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { OrderSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { timestampOf } from '../../figures/time-text.ts';
import { draggedField, tickPrice } from './order-drag.ts';

const order = (fields: object) => create(OrderSchema, { type: OrderType.STOP_LIMIT, ...fields });

describe('draggedField', () => {
  it('is the stop price while the order waits for it, and the limit afterwards', () => {
    const waiting = { stopPrice: '10', limitPrice: '11' };
    expect(draggedField(order(waiting))).toBe('stopPrice');
    expect(draggedField(order({ ...waiting, triggerTime: timestampOf(1) }))).toBe('limitPrice');
  });

  it('is none of an order that trails, or has no price', () => {
    expect(draggedField(order({ stopPrice: '10', trailAmount: '1' }))).toBeUndefined();
    expect(draggedField(order({ type: OrderType.MARKET, limitPrice: '10' }))).toBeUndefined();
  });
});

describe('tickPrice', () => {
  it('is the nearest tick, and at least one', () => {
    expect(tickPrice(180.0249, '0.05', 2)).toBe('180.00');
    expect(tickPrice(180.0251, '0.05', 2)).toBe('180.05');
    expect(tickPrice(-3, '0.05', 2)).toBe('0.05');
  });
});
