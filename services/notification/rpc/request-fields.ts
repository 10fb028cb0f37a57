import type { DeadLetterIds } from '#platform/bus/bus.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';

const idsMax = 200;

/** The dead events that a request names: by their ids, of which those that are none are left out, or all. Throws INVALID_ARGUMENT. */
export function readChosenEvents({ eventIds, all }: { eventIds: string[]; all: boolean }): DeadLetterIds {
  if (all) {
    if (eventIds.length > 0) throw invalidArgument('event_ids', 'must be empty beside all');
    return 'all';
  }
  if (eventIds.length === 0 || eventIds.length > idsMax)
    throw invalidArgument('event_ids', `must be 1 to ${idsMax} ids`);
  return eventIds.filter(isUuidV7);
}
