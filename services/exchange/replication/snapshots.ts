/** Snapshots of one term: when one is due, and how it gets into the database while orders go on. */
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { EngineState } from '../engine/state/engine-state.ts';
import { captureState, type StateImage } from '../engine/state-image.ts';
import type { JournalGroup } from '../journal/journal-group.ts';
import { encodeImage } from '../snapshot/encode-image.ts';
import { snapshotFormat } from '../snapshot/record.ts';
import { checksumOfHeader } from '../snapshot/snapshot-header.ts';
import { completeSnapshot } from '../store/complete-snapshot.ts';
import { forgetSnapshots } from '../store/forget-snapshots.ts';
import type { JournalStart } from '../store/read-journal-start.ts';
import { writeSnapshotPart } from '../store/write-snapshot-part.ts';
import { trimJournal } from './trim-journal.ts';

const nextTurn = promisify(setImmediate);

/** Number of snapshots that are retained for each shard. */
export const snapshotsMax = 3;

/** When a snapshot is due. */
export type SnapshotPolicy = {
  /** Events after which one is due. */
  eventsMax: number;
  /** Time after which one is due, if there was an event. */
  intervalMs: number;
  /** Least time between two. */
  intervalMinMs: number;
  /** Whether the groups that nothing needs any more are deleted after each; default true. */
  trimsJournal?: boolean;
};

const defaultPolicy: SnapshotPolicy = { eventsMax: 5_000_000, intervalMs: 10 * 60_000, intervalMinMs: 60_000 };

// A snapshot holds every order and command of the last day. It is due only after as many events as it has records, so that its cost
// for each event is bounded.
const eventsPerRecordMin = 1;

/** How to take snapshots. */
export type SnapshotsOptions = {
  /** Not the database of the journal's writer: an append must not wait for a part. */
  db: Sql;
  shard: number;
  token: bigint;
  policy?: Partial<SnapshotPolicy>;
  /** Sequence of the newest snapshot at the start of the term; 0: none. */
  sequence: number;
  /** Aborts when the term ends. */
  signal: AbortSignal;
  /** Runs with the journal's start before groups from before it are deleted. */
  onTrimmed?: (start: JournalStart) => void;
  logger: Logger;
};

/** Takes and writes one snapshot at a time. A failed write only makes the next recovery longer; the next snapshot is written anew. */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #policy: SnapshotPolicy;
  #triedSequence: number;
  #triedTimeMs = performance.now();
  #sequence: number;
  #busy = false;
  #isTrimming = false;
  #writing = Promise.resolve();

  constructor(options: SnapshotsOptions) {
    this.#options = options;
    this.#policy = { ...defaultPolicy, ...options.policy };
    this.#triedSequence = options.sequence;
    this.#sequence = options.sequence;
  }

  /** Sequence of the newest snapshot that is written; 0: none. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Resolves when the write in progress has succeeded or failed. Never rejects. */
  get settled(): Promise<void> {
    return this.#writing;
  }

  /** An image of the state after a group, if a snapshot is due. The caller passes it to `write` once the group is committed. */
  capture(state: EngineState): StateImage | undefined {
    if (this.#busy || !this.#isDue(state)) return undefined;
    this.#busy = true;
    this.#triedSequence = state.sequence;
    this.#triedTimeMs = performance.now();
    return captureState(state);
  }

  /** Writes the image that was captured after a group in the background, and deletes groups that are not needed beside it. */
  write(image: StateImage, group: JournalGroup): void {
    const { shard, signal, logger } = this.#options;
    const report = (error: unknown, what: string) => {
      if (!signal.aborted) logger.warn({ error, shard, group: group.groupNumber }, what);
    };
    this.#writing = this.#write(image, group)
      .catch((error) => report(error, 'a snapshot could not be written'))
      .finally(() => {
        image.release();
        this.#busy = false;
      })
      .then(() => this.#trim())
      .catch((error) => report(error, 'groups that are no longer needed could not be deleted'));
  }

  async #trim(): Promise<void> {
    if (this.#isTrimming || this.#policy.trimsJournal === false) return;
    this.#isTrimming = true;
    const { db, shard, signal, onTrimmed } = this.#options;
    try {
      await trimJournal({ db, shard, snapshotsMin: snapshotsMax, signal, onStart: onTrimmed });
    } finally {
      this.#isTrimming = false;
    }
  }

  #isDue({ sequence, records, commands, operatorCommands }: EngineState): boolean {
    const { eventsMax, intervalMs, intervalMinMs } = this.#policy;
    const events = sequence - this.#triedSequence;
    const stored = records.count + commands.count + operatorCommands.count;
    if (events <= 0 || events < stored * eventsPerRecordMin) return false;
    const sinceMs = performance.now() - this.#triedTimeMs;
    return sinceMs >= intervalMs || (events >= eventsMax && sinceMs >= intervalMinMs);
  }

  async #write(image: StateImage, group: JournalGroup): Promise<void> {
    const { db, shard, token, signal, logger } = this.#options;
    const { groupNumber, stateHash } = group;
    const startTimeMs = performance.now();
    const key = { shard, groupNumber, token };
    let [partCount, bytes, contentChecksum] = [0, 0, 0];
    for (const piece of encodeImage(image)) {
      if (signal.aborted) return;
      if (piece === undefined) {
        await nextTurn();
        continue;
      }
      if (!(await writeSnapshotPart(db, key, partCount, piece))) return;
      contentChecksum = crc32(piece, contentChecksum);
      bytes += piece.length;
      partCount++;
    }
    const { ruleVersion, sequence, nowMs: timeMs } = image;
    const content = { format: snapshotFormat, ruleVersion, sequence, timeMs, stateHash, partCount, contentChecksum };
    const header = { ...key, ...content, groupChecksum: group.checksum };
    if (!(await completeSnapshot(db, { ...header, checksum: checksumOfHeader(header) }))) return;
    this.#sequence = sequence;
    const seconds = (performance.now() - startTimeMs) / 1_000;
    logger.info({ shard, group: groupNumber, sequence, orders: image.orderCount, bytes, seconds }, 'wrote a snapshot');
    await forgetSnapshots(db, shard, token, snapshotsMax);
  }
}
