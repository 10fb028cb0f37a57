import { crc32 } from 'node:zlib';

/** One row of the journal: commands that were matched together, and their events. */
export type JournalGroup = {
  shard: number;
  /** Consecutive from 1. */
  groupNumber: number;
  /** Sequences of the first and last event; without events the last is below the first. */
  firstSequence: number;
  lastSequence: number;
  /** Journalled time, Unix milliseconds. */
  timeMs: number;
  /** Fencing token of the leader that wrote the group. */
  token: bigint;
  commands: Uint8Array;
  /** Bytes of a FollowResponse with events only. */
  events: Uint8Array;
  /** Hash of the engine's state after the group, 16 hexadecimal digits. */
  stateHash: string;
  /** CRC-32 of all the above and of the previous group's checksum. */
  checksum: number;
};

/** The checksum of a group; `previousChecksum` is that of the group before it, 0 for the first. */
export function checksumOf(group: Omit<JournalGroup, 'checksum'>, previousChecksum: number): number {
  const { shard, groupNumber, firstSequence, lastSequence, timeMs, token, commands, events, stateHash } = group;
  const numbers = [shard, groupNumber, firstSequence, lastSequence, timeMs, token, commands.length, events.length];
  const head = crc32(`${numbers.join('/')}/${stateHash}/${previousChecksum}`);
  return crc32(events, crc32(commands, head));
}

/** Whether two groups are the same bytes. */
export function sameGroup(a: JournalGroup, b: JournalGroup): boolean {
  return a.checksum === b.checksum && sameBytes(a.commands, b.commands) && sameBytes(a.events, b.events);
}

/** Whether two byte strings are equal. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
