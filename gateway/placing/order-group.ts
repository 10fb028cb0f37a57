/**
 * The bytes of a group of orders and of its results. The orders stay the bytes that they are: writing them as messages, and reading the
 * answers as such only to write them again, would cost more than all else that the gateway does for an order.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { type Status, StatusSchema } from '#gen/google/rpc/status_pb.ts';
import {
  PlaceOrdersItemSchema,
  PlaceOrdersRequestSchema,
  PlaceOrdersResultSchema,
} from '#gen/outcry/order/v1/internal_pb.ts';

/** One order of a group. */
export type GroupItem = {
  /** A PlaceOrderRequest in protobuf. */
  order: Uint8Array;
  userToken: string;
  /** Unix milliseconds. */
  deadlineTimeMs: number;
  traceparent: string;
  requestId: string;
};

/** The outcome of one order: the protobuf bytes of its PlaceOrderResponse, or its refusal. */
export type PlaceOutcome = { response: Uint8Array } | { refusal: Status };

const request = numbersOf(PlaceOrdersRequestSchema.field);
const item = numbersOf(PlaceOrdersItemSchema.field);
const result = numbersOf(PlaceOrdersResultSchema.field);
// PlaceOrdersResponse has nothing but its results.
const resultsNumber = 1;

/** A PlaceOrdersRequest. */
export function encodeGroup(items: readonly GroupItem[], nowMs: number): Buffer {
  const writer = new BinaryWriter();
  for (const { order, userToken, deadlineTimeMs, traceparent, requestId } of items) {
    writer.tag(request.items, WireType.LengthDelimited).fork();
    writer.tag(item.order, WireType.LengthDelimited).bytes(order);
    writer.tag(item.userToken, WireType.LengthDelimited).string(userToken);
    const remainingMs = Math.max(0, Math.min(0xffff_ffff, Math.floor(deadlineTimeMs - nowMs)));
    if (remainingMs > 0) writer.tag(item.remainingMs, WireType.Varint).uint32(remainingMs);
    writer.tag(item.traceparent, WireType.LengthDelimited).string(traceparent);
    writer.tag(item.requestId, WireType.LengthDelimited).string(requestId);
    writer.join();
  }
  writer.tag(request.sentTimeMs, WireType.Varint).int64(nowMs);
  const bytes = writer.finish();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Calls `onResult` for each result of a PlaceOrdersResponse. Throws when the bytes are none. */
export function decodeResults(bytes: Uint8Array, onResult: (index: number, outcome: PlaceOutcome) => void): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === resultsNumber && wireType === WireType.LengthDelimited) decodeResult(reader.bytes(), onResult);
    else reader.skip(wireType, number);
  }
}

function decodeResult(bytes: Uint8Array, onResult: (index: number, outcome: PlaceOutcome) => void): void {
  const reader = new BinaryReader(bytes);
  let index = 0;
  let outcome: PlaceOutcome | undefined;
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === result.index) index = reader.uint32();
    else if (number === result.response) outcome = { response: reader.bytes() };
    else if (number === result.refusal) outcome = { refusal: fromBinary(StatusSchema, reader.bytes()) };
    else reader.skip(wireType, number);
  }
  if (outcome !== undefined) onResult(index, outcome);
}

function numbersOf<K extends string>(fields: Record<K, { number: number }>): Record<K, number> {
  return Object.fromEntries(
    Object.entries<{ number: number }>(fields).map(([name, { number }]) => [name, number]),
  ) as Record<K, number>;
}
