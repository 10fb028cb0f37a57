import { crc32 } from 'node:zlib';

/** Identifies a snapshot: the group after which it was taken, and the fencing token of the process that wrote it. */
export type SnapshotKey = { shard: number; groupNumber: number; token: bigint };

/** Describes a snapshot and its contents. */
export type SnapshotHeader = SnapshotKey & {
  /** Format of its parts. */
  format: number;
  ruleVersion: number;
  /** Sequence of the last event. */
  sequence: number;
  /** Journalled time, Unix milliseconds. */
  timeMs: number;
  /** Hash of the state, 16 hexadecimal digits. */
  stateHash: string;
  /** Checksum of the group's row in the journal. */
  groupChecksum: number;
  partCount: number;
  /** CRC-32 of the concatenated parts. */
  contentChecksum: number;
};

/** A header as it is stored, with the checksum by which its integrity is verified. */
export type StoredHeader = SnapshotHeader & { checksum: number };

/** CRC-32 of a header. */
export function checksumOfHeader(header: SnapshotHeader): number {
  const { shard, groupNumber, token, format, ruleVersion, sequence, timeMs } = header;
  const { stateHash, groupChecksum, partCount, contentChecksum } = header;
  const fields = [shard, groupNumber, token, format, ruleVersion, sequence, timeMs, stateHash];
  return crc32([...fields, groupChecksum, partCount, contentChecksum].join('/'));
}
