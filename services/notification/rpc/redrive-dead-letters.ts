import type { RedriveDeadLettersRequest } from '#gen/outcry/notification/v1/notification_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { NotificationDeps } from '../deps.ts';
import { redriveDeadLetters as redrive } from '../store/redrive-dead-letters.ts';

const idsMax = 200;

/** Makes dead letters due again; ids of none are ignored. */
export async function redriveDeadLetters(
  { db, nowMs, dueMails }: NotificationDeps,
  { deadLetterIds }: RedriveDeadLettersRequest,
) {
  if (deadLetterIds.length === 0 || deadLetterIds.length > idsMax) {
    throw invalidArgument('dead_letter_ids', `must be 1 to ${idsMax} ids`);
  }
  const dueTimeMs = nowMs();
  const redrivenCount = await redrive(db, deadLetterIds.filter(isUuidV7), dueTimeMs);
  dueMails.expect(dueTimeMs);
  return { redrivenCount };
}
