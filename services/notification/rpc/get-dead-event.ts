import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { GetDeadEventRequest } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { NotificationDeps } from '../deps.ts';
import { payloadJson, toDeadEvent } from './messages/dead-event.ts';

/** One dead event with its payload. */
export async function getDeadEvent({ deadLetters }: NotificationDeps, { queue, eventId }: GetDeadEventRequest) {
  if (queue === '') throw invalidArgument('queue', 'is required');
  const [letter] = isUuidV7(eventId) ? await deadLetters.find(queue, eventId) : [];
  if (letter === undefined) throw notFound(ErrorReason.MESSAGE_NOT_FOUND, 'there is no such dead event');
  return { deadEvent: toDeadEvent(letter), payloadJson: payloadJson(letter.event) };
}
