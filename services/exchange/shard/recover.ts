import type { Sql } from '#platform/postgres/sql.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Command } from '../domain/commands.ts';
import { Engine, ruleVersion } from '../domain/engine.ts';
import { decodeCommands } from '../journal/command-codec.ts';
import { encodeEvents } from '../journal/event-encoder.ts';
import { JournalDamagedError } from '../journal/journal-damaged-error.ts';
import type { JournalGroup } from '../journal/journal-group.ts';
import { checksumOf, sameBytes } from '../journal/journal-group.ts';
import { RulesUnknownError } from '../journal/rules-unknown-error.ts';
import { readGroupsAfter } from '../store/read-groups.ts';
import type { LoadedSnapshot } from './load-snapshot.ts';
import { loadSnapshot } from './load-snapshot.ts';

/** An engine at the head of its journal. */
export type Recovered = {
  engine: Engine;
  /** Number and checksum of the last group; 0 when there is none. */
  groupNumber: number;
  checksum: number;
  /** Group and sequence of the snapshot that it was built on; 0 when there was none. */
  snapshotGroup: number;
  snapshotSequence: number;
};

/** How to recover. */
export type RecoverOptions = {
  signal?: AbortSignal;
  logger?: Logger;
  /** `journal`: from the journal alone, default `snapshot`: from the newest snapshot that holds. */
  from?: 'snapshot' | 'journal';
};

const pageGroupsMax = 100;

/**
 * Rebuilds the engine from the newest snapshot that holds and the groups after it: each group is carried out again and must lead
 * to the bytes and the state hash that it led to the first time. Rejects with JournalDamagedError, naming the row, when a row is
 * missing, altered or tells another story, and with RulesUnknownError when a later release has written here.
 */
export async function recover(db: Sql, shard: number, options: RecoverOptions = {}): Promise<Recovered> {
  const { signal, from = 'snapshot' } = options;
  const snapshot = from === 'snapshot' ? await loadSnapshot(db, shard, options) : undefined;
  const recovered = snapshot ? fromSnapshot(snapshot) : fromNothing();
  const read = (after: number) => readGroupsAfter(db, shard, after, pageGroupsMax);
  let page = read(recovered.groupNumber);
  for (;;) {
    const groups = await page;
    signal?.throwIfAborted();
    const last = groups.at(-1);
    const more = groups.length === pageGroupsMax && last !== undefined;
    // The database reads on while this page is carried out.
    if (more) page = read(last.groupNumber);
    page.catch(() => {});
    for (const group of groups) {
      replayGroup(recovered, group);
      recovered.groupNumber = group.groupNumber;
      recovered.checksum = group.checksum;
    }
    if (!more) return recovered;
  }
}

function fromNothing(): Recovered {
  return { engine: new Engine(), groupNumber: 0, checksum: 0, snapshotGroup: 0, snapshotSequence: 0 };
}

function fromSnapshot({ engine, header }: LoadedSnapshot): Recovered {
  const { groupNumber, sequence, groupChecksum } = header;
  return { engine, groupNumber, checksum: groupChecksum, snapshotGroup: groupNumber, snapshotSequence: sequence };
}

function replayGroup({ engine, groupNumber, checksum }: Recovered, group: JournalGroup): void {
  const { shard } = group;
  const damaged = (problem: string, cause?: unknown) =>
    new JournalDamagedError(shard, group.groupNumber, problem, cause);
  if (group.groupNumber !== groupNumber + 1) throw new JournalDamagedError(shard, groupNumber + 1, 'is missing');
  if (checksumOf(group, checksum) !== group.checksum) throw damaged('was altered: its checksum does not fit');
  if (group.firstSequence !== engine.state.sequence + 1) throw damaged('does not follow the sequence before it');
  const commands = decode(group, damaged);
  engine.beginGroup(group.timeMs);
  for (const command of commands) {
    if (command.kind === 'rules' && command.version > ruleVersion) {
      const row = `journal row (shard ${shard}, group ${group.groupNumber})`;
      throw new RulesUnknownError(row, command.version, ruleVersion);
    }
    if (!engine.apply(command).effective) throw damaged('holds a command that has no effect');
  }
  const events = encodeEvents(engine.state, engine.effective, shard);
  if (!sameBytes(events, group.events)) throw damaged('holds events that its commands do not lead to');
  engine.endGroup();
  if (engine.state.sequence !== group.lastSequence) throw damaged('ends at another sequence');
  if (engine.stateHash() !== group.stateHash) throw damaged('leads to another state hash');
}

function decode(group: JournalGroup, damaged: (problem: string, cause: unknown) => Error): Command[] {
  try {
    return decodeCommands(group.commands);
  } catch (error) {
    throw damaged('holds commands that cannot be read', error);
  }
}
