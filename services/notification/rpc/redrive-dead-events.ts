import type { RedriveDeadEventsRequest } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import type { NotificationDeps } from '../deps.ts';
import { readChosenEvents } from './request-fields.ts';

/** Puts dead events back into their queues; ids of none are ignored. */
export async function redriveDeadEvents({ deadLetters }: NotificationDeps, request: RedriveDeadEventsRequest) {
  return { redrivenCount: await deadLetters.redrive(request.queue, readChosenEvents(request)) };
}
