import type { DropDeadEventsRequest } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { NotificationDeps } from '../deps.ts';
import { readChosenEvents } from './request-fields.ts';

const reasonLengthMax = 200;

/** Gives dead events up; ids of none are ignored. */
export async function dropDeadEvents({ deadLetters }: NotificationDeps, request: DropDeadEventsRequest) {
  const reason = request.reason.trim();
  if (reason === '' || reason.length > reasonLengthMax) {
    throw invalidArgument('reason', `must be 1 to ${reasonLengthMax} characters`);
  }
  return { droppedCount: await deadLetters.drop(request.queue, readChosenEvents(request), reason) };
}
