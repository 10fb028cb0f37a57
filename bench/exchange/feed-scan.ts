import { BinaryReader } from '@bufbuild/protobuf/wire';
import { NewOrderSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import {
  FeedEventSchema,
  FollowResponseSchema,
  OrderAcceptedSchema,
  OrderRejectedSchema,
} from '#gen/outcry/exchange/v1/feed_pb.ts';

const eventsField = FollowResponseSchema.field.events.number;
const sequenceField = FeedEventSchema.field.sequence.number;
const acceptedField = FeedEventSchema.field.accepted.number;
const rejectedField = FeedEventSchema.field.rejected.number;
const orderField = OrderAcceptedSchema.field.order.number;
const acceptedIdField = NewOrderSchema.field.orderId.number;
const rejectedIdField = OrderRejectedSchema.field.orderId.number;

/** Reads FollowResponses of one stream without making objects of them, so that a follower costs as little as it can. */
export class FeedScan {
  /** Sequence of the last event. */
  lastSequence: number;
  eventCount = 0;
  readonly #onOrder: ((orderId: string, accepted: boolean) => void) | undefined;

  /** @param onOrder runs for each order that was accepted or rejected */
  constructor(afterSequence: number, onOrder?: (orderId: string, accepted: boolean) => void) {
    this.lastSequence = afterSequence;
    this.#onOrder = onOrder;
  }

  /** Reads one encoded FollowResponse. Throws when an event is missing, repeated or out of order. */
  read(response: Uint8Array): void {
    const reader = new BinaryReader(response);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === eventsField) this.#readEvent(reader, reader.uint32() + reader.pos);
      else reader.skip(wireType);
    }
  }

  #readEvent(reader: BinaryReader, end: number): void {
    while (reader.pos < end) {
      const [field, wireType] = reader.tag();
      if (field === sequenceField) {
        this.#follow(Number(reader.int64()));
        // The rest of an event matters only to a caller that wants the orders.
        if (this.#onOrder === undefined) reader.pos = end;
      } else if (field === acceptedField) this.#readOrder(reader, [orderField, acceptedIdField], true);
      else if (field === rejectedField) this.#readOrder(reader, [rejectedIdField], false);
      else reader.skip(wireType);
    }
  }

  #follow(sequence: number): void {
    if (sequence !== this.lastSequence + 1) throw new Error(`the feed has ${sequence} after ${this.lastSequence}`);
    this.lastSequence = sequence;
    this.eventCount++;
  }

  // Follows the path of nested messages to the id.
  #readOrder(reader: BinaryReader, [wanted, ...rest]: number[], accepted: boolean): void {
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) {
      const [field, wireType] = reader.tag();
      if (field !== wanted) reader.skip(wireType);
      else if (rest.length > 0) this.#readOrder(reader, rest, accepted);
      else this.#onOrder?.(reader.string(), accepted);
    }
  }
}
