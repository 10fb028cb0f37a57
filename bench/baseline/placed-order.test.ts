import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { OrderStatus, PlaceOrderResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { readPlacedOrder } from './placed-order.ts';

const encode = (filledQuantity: string) =>
  toBinary(
    PlaceOrderResponseSchema,
    create(PlaceOrderResponseSchema, {
      order: {
        orderId: '0192f1de-0000-7000-8000-000000000001',
        clientOrderId: 'one',
        status: OrderStatus.OPEN,
        filledQuantity,
        version: 12n ** 14n,
        createTime: { seconds: 1_700_000_000n, nanos: 5 },
        cancelRequested: true,
      },
    }),
  );

describe('readPlacedOrder', () => {
  it('reads id, status and whether something was filled, whatever stands around them', () => {
    const placed = { orderId: '0192f1de-0000-7000-8000-000000000001', status: OrderStatus.OPEN };
    expect(readPlacedOrder(encode('7'))).toEqual({ ...placed, isFilledPartly: true });
    expect(readPlacedOrder(encode('0'))).toEqual({ ...placed, isFilledPartly: false });
    expect(readPlacedOrder(encode(''))).toEqual({ ...placed, isFilledPartly: false });
  });

  it('reads an empty answer, and throws at one that is cut', () => {
    expect(readPlacedOrder(new Uint8Array())).toEqual({ orderId: '', status: 0, isFilledPartly: false });
    expect(() => readPlacedOrder(encode('7').subarray(0, 60))).toThrow(RangeError);
  });
});
