import { type Engine, ruleVersion } from '../engine/engine.ts';
import type { Command } from '../engine/model/commands.ts';
import { decodeCommands } from '../journal/command-codec.ts';
import { JournalDamagedError, RulesUnknownError } from '../journal/errors.ts';
import { encodesTo } from '../journal/event-encoder.ts';
import { checksumOf, type JournalGroup } from '../journal/journal-group.ts';

/** An engine and its position in the journal. */
export type Replayed = {
  engine: Engine;
  /** Number and checksum of the last group; 0: none. */
  groupNumber: number;
  checksum: number;
  /** Commands replayed so far. */
  commandCount: number;
};

/**
 * Replays the next group of a journal. It must lead to the same bytes and the same state hash as the first time. Throws
 * JournalDamagedError, naming the row, when it does not, and RulesUnknownError when a later release wrote it; the engine must not be
 * used then.
 */
export function replayGroup(replayed: Replayed, group: JournalGroup): void {
  const { engine, groupNumber, checksum } = replayed;
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
  if (!encodesTo(engine.state, engine.effective, shard, group.events))
    throw damaged('holds events that its commands do not lead to');
  engine.endGroup();
  if (engine.state.sequence !== group.lastSequence) throw damaged('ends at another sequence');
  if (engine.stateHash() !== group.stateHash) throw damaged('leads to another state hash');
  replayed.groupNumber = group.groupNumber;
  replayed.checksum = group.checksum;
  replayed.commandCount += commands.length;
}

function decode(group: JournalGroup, damaged: (problem: string, cause: unknown) => Error): Command[] {
  try {
    return decodeCommands(group.commands);
  } catch (error) {
    throw damaged('holds commands that cannot be read', error);
  }
}
