import type { ListDeadEventsRequest } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { readCount } from '#platform/validation/request-fields.ts';
import type { NotificationDeps } from '../deps.ts';
import { toDeadEvent } from './messages/dead-event.ts';

/** One page of the events that a service failed to handle. */
export async function listDeadEvents(
  { deadLetters }: NotificationDeps,
  { queue, pageSize, pageToken }: ListDeadEventsRequest,
) {
  const limit = readCount('page_size', pageSize, { fallback: 50, max: 100 });
  const page = await deadLetters.list(queue, limit, pageToken);
  return { deadEvents: page.deadLetters.map(toDeadEvent), nextPageToken: page.nextPageToken };
}
