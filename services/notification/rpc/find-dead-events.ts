import type { FindDeadEventsRequest } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { NotificationDeps } from '../deps.ts';
import { payloadJson, toDeadEvent } from './messages/dead-event.ts';

/** An event in each of the queues in which it is dead, with its payload. */
export async function findDeadEvents({ deadLetters }: NotificationDeps, { queue, eventId }: FindDeadEventsRequest) {
  const letters = isUuidV7(eventId) ? await deadLetters.find(queue, eventId) : [];
  const [first] = letters;
  return { deadEvents: letters.map(toDeadEvent), payloadJson: first ? payloadJson(first.event) : '' };
}
