import { promisify } from 'node:util';
import type { Database } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { Engine } from '../engine/engine.ts';
import { JournalTrimmedError } from '../journal/errors.ts';
import type { JournalGroup } from '../journal/journal-group.ts';
import { hasGroupAfter } from '../store/has-group-after.ts';
import { isFullPage, readGroupsAfter } from '../store/read-groups-after.ts';
import { readJournalStart } from '../store/read-journal-start.ts';
import { type LoadedSnapshot, loadSnapshot } from './load-snapshot.ts';
import { type Replayed, replayGroup } from './replay-group.ts';

const nextTurn = promisify(setImmediate);

/** An engine at the head of its journal. */
export type Recovered = Replayed & {
  /** Group and sequence of the snapshot from which it was restored; 0: none. */
  snapshotGroup: number;
  snapshotSequence: number;
};

/** How to recover. */
export type RecoverOptions = {
  signal?: AbortSignal;
  logger?: Logger;
  /** `journal`: from the journal alone; default `snapshot`: from the newest valid snapshot. */
  from?: 'snapshot' | 'journal';
};

// A process that rebuilds one shard still serves others and forwards calls.
const turnMsMax = 10;

/**
 * Rebuilds the engine from the newest valid snapshot and the groups after it; with `journal` only if no group was deleted yet. Rejects with JournalDamagedError, naming the row, when a
 * row is missing, altered or inconsistent with its commands, and with RulesUnknownError when a later release wrote one.
 */
export async function recover(db: Database, shard: number, options: RecoverOptions = {}): Promise<Recovered> {
  const { from = 'snapshot' } = options;
  const snapshot = from === 'snapshot' ? await loadSnapshot(db, shard, options) : undefined;
  const recovered = snapshot ? fromSnapshot(snapshot) : fromNothing();
  await catchUp(db, shard, recovered, options.signal);
  return recovered;
}

/**
 * Carries out the groups that were committed since, up to the head. Resolves to their number. Rejects as `recover` does; after a
 * rejection with the signal's reason the engine is at the end of a group and can be used further.
 */
export async function catchUp(db: Database, shard: number, replayed: Replayed, signal?: AbortSignal): Promise<number> {
  const start = replayed.groupNumber;
  if (!(await hasGroupAfter(db, shard, start))) return 0;
  const read = (after: number) => readGroupsAfter(db, shard, after);
  let page = read(start);
  let turnStartMs = performance.now();
  for (;;) {
    const groups = await page;
    signal?.throwIfAborted();
    await requireNext(db, shard, replayed, groups[0]);
    const last = groups.at(-1);
    const more = last !== undefined && isFullPage(groups);
    // The next page is read while this one is carried out.
    if (more) page = read(last.groupNumber);
    page.catch(() => {});
    for (const group of groups) {
      replayGroup(replayed, group);
      if (performance.now() - turnStartMs < turnMsMax) continue;
      await nextTurn();
      signal?.throwIfAborted();
      turnStartMs = performance.now();
    }
    if (!more) return replayed.groupNumber - start;
  }
}

/** Rejects with JournalTrimmedError when the next group was deleted since the engine's own snapshot. */
async function requireNext(db: Database, shard: number, { groupNumber }: Replayed, next?: JournalGroup): Promise<void> {
  if (!next || next.groupNumber === groupNumber + 1) return;
  const start = await readJournalStart(db, shard);
  if (start.groupNumber > groupNumber + 1) throw new JournalTrimmedError(shard, groupNumber + 1);
}

function fromNothing(): Recovered {
  return { engine: new Engine(), groupNumber: 0, checksum: 0, commandCount: 0, snapshotGroup: 0, snapshotSequence: 0 };
}

function fromSnapshot({ engine, header }: LoadedSnapshot): Recovered {
  const { groupNumber, sequence, groupChecksum } = header;
  const position = { groupNumber, checksum: groupChecksum, commandCount: 0 };
  return { engine, ...position, snapshotGroup: groupNumber, snapshotSequence: sequence };
}
