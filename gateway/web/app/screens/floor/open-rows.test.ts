import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { OrderSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { ListType, OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { openRows, rowStateText, rowTypeText } from './open-rows.ts';

const order = (orderId: string, more: Parameters<typeof create<typeof OrderSchema>>[1] = {}) =>
  create(OrderSchema, { orderId, type: OrderType.LIMIT, limitPrice: '180', ...more });
const bracket = { listId: 'l', listType: ListType.BRACKET };

describe('openRows', () => {
  it('has a bracket as one row, its entry first', () => {
    const rows = openRows([
      order('stop', { ...bracket, listIndex: 2, type: OrderType.STOP, stopPrice: '170' }),
      order('alone'),
      order('target', { ...bracket, listIndex: 1, limitPrice: '190' }),
      order('entry', { ...bracket, listIndex: 0 }),
    ]);
    expect(rows.map(({ key, orders }) => [key, orders.map(({ orderId }) => orderId)])).toEqual([
      ['l', ['entry', 'target', 'stop']],
      ['alone', ['alone']],
    ]);
    expect(rows.map(rowTypeText)).toEqual(['Bracket', 'Limit']);
    expect(rows[0] && rowStateText(rows[0], 2)).toBe('entry 180.00, target 190.00, stop 170.00');
  });
});
