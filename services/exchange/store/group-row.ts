import type { BinaryRow } from '#platform/postgres/copy-out.ts';
import type { JournalGroup } from '../journal/journal-group.ts';

/** Columns of the journal in the order in which `toGroup` expects them. */
export const groupColumns =
  'shard, group_number, first_sequence, last_sequence, time_ms, token, commands, events, state_hash, checksum';

/** The group of a row of `groupColumns`. */
export function toGroup([shard, groupNumber, first, last, timeMs, token, commands, events, hash, checksum]: BinaryRow) {
  return {
    shard: required(shard).readInt32BE(),
    groupNumber: toNumber(groupNumber),
    firstSequence: toNumber(first),
    lastSequence: toNumber(last),
    timeMs: toNumber(timeMs),
    token: required(token).readBigInt64BE(),
    commands: required(commands),
    events: required(events),
    stateHash: required(hash).toString(),
    checksum: toNumber(checksum),
  } satisfies JournalGroup;
}

/** The number in a bigint column. Throws TypeError for NULL. */
export function toNumber(column: Buffer | null | undefined): number {
  return Number(required(column).readBigInt64BE());
}

function required(column: Buffer | null | undefined): Buffer {
  if (!column) throw new TypeError('a column of the journal is empty');
  return column;
}
