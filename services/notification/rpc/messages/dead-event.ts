import { createRegistry, fromBinary, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { file_outcry_auto_v1_events } from '#gen/outcry/auto/v1/events_pb.ts';
import { file_outcry_ledger_v1_events } from '#gen/outcry/ledger/v1/events_pb.ts';
import type { DeadEventSchema } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { file_outcry_order_v1_events } from '#gen/outcry/order/v1/events_pb.ts';
import { file_outcry_user_v1_events } from '#gen/outcry/user/v1/events_pb.ts';
import type { BusEvent, DeadLetter } from '#platform/bus/bus.ts';

const events = createRegistry(
  file_outcry_auto_v1_events,
  file_outcry_ledger_v1_events,
  file_outcry_order_v1_events,
  file_outcry_user_v1_events,
);

/** A dead letter of the bus on the wire. */
export function toDeadEvent(letter: DeadLetter): MessageInitShape<typeof DeadEventSchema> {
  const { queue, event, attempts, lastError, firstFailureTimeMs, deadTimeMs } = letter;
  const { id: eventId, type, key, timeMs, traceparent } = event;
  return {
    queue,
    eventId,
    type,
    key,
    attempts,
    lastFailure: lastError,
    firstFailureTime: firstFailureTimeMs > 0 ? timestampFromMs(firstFailureTimeMs) : undefined,
    giveUpTime: timestampFromMs(deadTimeMs),
    eventTime: timestampFromMs(timeMs),
    traceparent,
  };
}

/** The event's message as JSON; empty when it is of no known type, or no message of its type. */
export function payloadJson({ type, payload }: BusEvent): string {
  const schema = events.getMessage(type);
  if (schema === undefined) return '';
  try {
    return toJsonString(schema, fromBinary(schema, payload));
  } catch {
    return '';
  }
}
