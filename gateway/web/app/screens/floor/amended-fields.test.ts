import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { OrderSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { timestampOf } from '../../figures/time-text.ts';
import { amendedFields, changesOf } from './amended-fields.ts';

const order = (type: OrderType, fields: object = {}) =>
  create(OrderSchema, { type, quantity: '10', limitPrice: '90', ...fields });

describe('amendedFields', () => {
  it('is what the order is placed by, never the worst price of a stop', () => {
    const trailing = order(OrderType.TRAILING_STOP, { trailPercent: '3' });
    const stopLimit = order(OrderType.STOP_LIMIT, { stopPrice: '95' });
    const cases = [order(OrderType.LIMIT), order(OrderType.STOP, { stopPrice: '95' }), trailing, stopLimit];
    expect(cases.map(amendedFields)).toEqual([
      ['limitPrice'],
      ['stopPrice'],
      ['trailPercent'],
      ['stopPrice', 'limitPrice'],
    ]);
    expect(amendedFields({ ...stopLimit, triggerTime: timestampOf(1) as never })).toEqual(['limitPrice']);
  });
});

describe('changesOf', () => {
  it('names only what is another decimal', () => {
    const seen = order(OrderType.LIMIT);
    expect(changesOf(seen, { quantity: '10.0', limitPrice: '90,5' })).toEqual({ limitPrice: '90.5' });
    expect(changesOf(seen, { quantity: 'ten' })).toEqual({ quantity: 'ten' });
    expect(changesOf(seen, { quantity: '10' })).toEqual({});
  });
});
