import { JournalDamagedError } from './errors.ts';
import type { FeedMark, FeedSegment } from './feed-segment.ts';
import { checksumOf, type JournalGroup } from './journal-group.ts';

/** A group and the checksum of the group before it, 0 for the first. */
export type ChainedGroup = { group: JournalGroup; previousChecksum: number };

/**
 * Joins the events of consecutive groups, the first of which contains the event after a sequence or ends before it. A recovery that
 * began with a snapshot did not verify these groups, so each is compared with its checksum here. Throws JournalDamagedError, naming the
 * row, when one is altered or missing.
 */
export function joinEvents(shard: number, afterSequence: number, groups: readonly ChainedGroup[]): FeedSegment {
  const events: Uint8Array[] = [];
  const marks: FeedMark[] = [];
  let first = 0;
  let last = 0;
  for (const { group, previousChecksum } of groups) {
    const damaged = (problem: string) => new JournalDamagedError(shard, group.groupNumber, problem);
    if (checksumOf(group, previousChecksum) !== group.checksum) throw damaged('was altered: its checksum does not fit');
    if (events.length === 0) first = group.firstSequence;
    else if (group.firstSequence !== last + 1) throw damaged('does not follow the sequence before it');
    last = group.lastSequence;
    events.push(group.events);
    marks.push({ lastSequence: last, checksum: group.checksum });
  }
  if (events.length === 0 || first > afterSequence + 1) {
    throw new Error(`the journal of shard ${shard} has a gap after sequence ${afterSequence}`);
  }
  return { firstSequence: first, lastSequence: last, bytes: Buffer.concat(events), marks };
}
