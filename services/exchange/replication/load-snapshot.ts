import { crc32 } from 'node:zlib';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { type Engine, ruleVersion } from '../engine/engine.ts';
import { JournalDamagedError, RulesUnknownError } from '../journal/errors.ts';
import { ImageDecoder } from '../snapshot/decode-image.ts';
import { snapshotFormat, snapshotFormatOldest } from '../snapshot/record.ts';
import { checksumOfHeader, type SnapshotKey, type StoredHeader } from '../snapshot/snapshot-header.ts';
import { readGroup } from '../store/read-group.ts';
import { readJournalStart } from '../store/read-journal-start.ts';
import { readSnapshotPart } from '../store/read-snapshot-part.ts';
import { readSnapshots } from '../store/read-snapshots.ts';
import { snapshotsMax } from './snapshots.ts';

/** An engine restored from a snapshot. */
export type LoadedSnapshot = { engine: Engine; header: StoredHeader };

/**
 * The newest valid snapshot: its checksums match, the journal has its group, and its state has the hash in its header. Each invalid
 * one is logged as a warning and skipped; undefined when none is left. Rejects with JournalDamagedError when the journal lacks a group
 * that was once committed, and with RulesUnknownError when a later release wrote the snapshot.
 */
export async function loadSnapshot(
  db: Sql,
  shard: number,
  { signal, logger }: { signal?: AbortSignal; logger?: Logger },
): Promise<LoadedSnapshot | undefined> {
  for (const header of await readSnapshots(db, shard, snapshotsMax + 1)) {
    try {
      await checkHeader(db, header);
      return { engine: await readEngine(db, header, signal), header };
    } catch (error) {
      if (!(error instanceof SnapshotRefusedError)) throw error;
      logger?.warn({ error, shard, group: header.groupNumber }, `${error.message}; it is not used`);
    }
  }
  return undefined;
}

async function checkHeader(db: Sql, header: StoredHeader): Promise<void> {
  const { shard, groupNumber, format, groupChecksum, stateHash } = header;
  if (checksumOfHeader(header) !== header.checksum) {
    throw new SnapshotRefusedError(header, 'was altered: its checksum does not fit');
  }
  if (header.ruleVersion > ruleVersion) {
    const row = `snapshot row (shard ${shard}, group ${groupNumber})`;
    throw new RulesUnknownError(row, header.ruleVersion, ruleVersion);
  }
  if (format < snapshotFormatOldest || format > snapshotFormat)
    throw new SnapshotRefusedError(header, `is of format ${format}, which is not known`);
  const group = await readGroup(db, shard, groupNumber);
  if (!group) {
    const start = await readJournalStart(db, shard);
    if (start.groupNumber > groupNumber) throw new SnapshotRefusedError(header, 'was replaced by newer ones');
    throw new JournalDamagedError(shard, groupNumber, 'is missing, though a snapshot was taken of it');
  }
  if (group.checksum !== groupChecksum || group.stateHash !== stateHash) {
    throw new SnapshotRefusedError(header, 'is of another history than the journal');
  }
}

async function readEngine(db: Sql, header: StoredHeader, signal?: AbortSignal): Promise<Engine> {
  const decoder = new ImageDecoder(header.format);
  let checksum = 0;
  for (let part = 0; part < header.partCount; part++) {
    const bytes = await readSnapshotPart(db, header, part);
    signal?.throwIfAborted();
    if (!bytes) throw new SnapshotRefusedError(header, `lacks part ${part}`);
    checksum = crc32(bytes, checksum);
    decode(header, () => decoder.add(bytes));
  }
  if (checksum !== header.contentChecksum) throw new SnapshotRefusedError(header, 'was altered: its parts do not fit');
  const engine = decode(header, () => decoder.finish());
  if (engine.stateHash() !== header.stateHash || engine.state.sequence !== header.sequence) {
    throw new SnapshotRefusedError(header, 'holds another state than it names');
  }
  return engine;
}

// Altered bytes may look like anything: any error of the decoder means that the snapshot is invalid.
function decode<T>(header: StoredHeader, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new SnapshotRefusedError(header, 'was altered: it cannot be read', error);
  }
}

/** A snapshot is invalid or cannot be read. An older one, or the journal from its start, leads to the same state. */
class SnapshotRefusedError extends Error {
  override name = 'SnapshotRefusedError';

  constructor({ shard, groupNumber, token }: SnapshotKey, problem: string, cause?: unknown) {
    super(`snapshot row (shard ${shard}, group ${groupNumber}, token ${token}) ${problem}`, { cause });
  }
}
