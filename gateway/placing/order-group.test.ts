import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { StatusSchema } from '#gen/google/rpc/status_pb.ts';
import { PlaceOrdersRequestSchema, PlaceOrdersResponseSchema } from '#gen/outcry/order/v1/internal_pb.ts';
import { PlaceOrderRequestSchema, PlaceOrderResponseSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { decodeResults, encodeGroup, type PlaceOutcome } from './order-group.ts';

const nowMs = 1_800_000_000_000;

describe('encodeGroup', () => {
  it('writes what protobuf reads as the request', () => {
    const order = create(PlaceOrderRequestSchema, { clientOrderId: 'k', terms: { symbol: 'ACME' } });
    const bytes = toBinary(PlaceOrderRequestSchema, order);
    const common = { order: bytes, userToken: 'token', traceparent: '00-a-b-01', requestId: 'r' };
    const group = encodeGroup(
      [
        { ...common, deadlineTimeMs: nowMs + 1_500.7 },
        { ...common, deadlineTimeMs: nowMs - 1, order: new Uint8Array() },
        { ...common, deadlineTimeMs: Number.POSITIVE_INFINITY },
      ],
      nowMs,
    );
    const { items, sentTimeMs } = fromBinary(PlaceOrdersRequestSchema, group);
    expect(sentTimeMs).toBe(BigInt(nowMs));
    expect(items.map(({ remainingMs }) => remainingMs)).toEqual([1_500, 0, 0xffff_ffff]);
    expect(items[0]).toMatchObject({ order, userToken: 'token', traceparent: '00-a-b-01', requestId: 'r' });
    expect(items[1]?.order).toEqual(create(PlaceOrderRequestSchema));
  });
});

describe('decodeResults', () => {
  it('reads what protobuf writes, whatever a newer release adds', () => {
    const response = create(PlaceOrderResponseSchema, { order: { orderId: 'o' } });
    const refusal = create(StatusSchema, { code: 9, message: 'no' });
    const message = create(PlaceOrdersResponseSchema, {
      results: [
        { index: 3, outcome: { case: 'response', value: response } },
        { outcome: { case: 'refusal', value: refusal } },
        { index: 7 },
      ],
    });
    const newer = { no: 99, wireType: 2, data: new Uint8Array([1, 65]) };
    message.$unknown = [newer];
    for (const result of message.results) result.$unknown = [newer];
    const found = new Map<number, PlaceOutcome>();
    decodeResults(toBinary(PlaceOrdersResponseSchema, message), (index, outcome) => found.set(index, outcome));
    expect([...found.keys()]).toEqual([3, 0]);
    expect(found.get(3)).toEqual({ response: toBinary(PlaceOrderResponseSchema, response) });
    expect(found.get(0)).toEqual({ refusal });
  });

  it('throws for bytes that are none', () => {
    expect(() => decodeResults(new Uint8Array([0x0a, 0x05, 0x01]), () => {})).toThrow();
  });
});
