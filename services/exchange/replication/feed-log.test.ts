import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { FollowResponseSchema } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { FeedSegment } from '../journal/feed-segment.ts';
import { FeedLog } from './feed-log.ts';
import { FeedTail } from './feed-tail.ts';

/** Groups of `eventsEach` events, from sequence 1. */
function groups(count: number, eventsEach: number): FeedSegment[] {
  return Array.from({ length: count }, (_, group) => {
    const firstSequence = group * eventsEach + 1;
    const events = Array.from({ length: eventsEach }, (_, i) => ({ sequence: BigInt(firstSequence + i), symbol: 'A' }));
    const bytes = toBinary(FollowResponseSchema, create(FollowResponseSchema, { events }));
    const lastSequence = firstSequence + eventsEach - 1;
    return { firstSequence, lastSequence, bytes, marks: [{ lastSequence, checksum: 0xa0 + group }] };
  });
}

/** A log over a journal of groups, the newest of which were appended; `reads` are the reads of the journal. */
function createLog(journal: FeedSegment[], { committed = 0, segmentsMax = 10 } = {}) {
  const reads: number[] = [];
  const readJournal = async ({ afterSequence }: { afterSequence: number }) => {
    reads.push(afterSequence);
    await new Promise((resolve) => setImmediate(resolve));
    const found = journal.find(({ lastSequence }) => lastSequence > afterSequence);
    if (!found) throw new Error('nothing is there');
    return found;
  };
  const head = journal[committed - 1]?.lastSequence ?? 0;
  const readChecksum = async (sequence: number) =>
    journal.find(({ lastSequence }) => lastSequence >= sequence)?.marks[0]?.checksum;
  const tailLimits = { bytesMax: 1024 * 1024, segmentsMax };
  const log = new FeedLog({ head, epoch: 'e', readJournal, readChecksum, tailLimits });
  for (const segment of journal.slice(committed)) log.append(segment);
  return { log, reads };
}

const unread = () => Promise.reject(new Error('unread'));

/** An empty log; `wakes` are its heads when followers were woken. `turn` lets one that is due happen. */
function createPacedLog(paceMs: number) {
  const log = new FeedLog({ head: 0, epoch: 'e', readJournal: unread, readChecksum: unread, paceMs });
  const wakes: number[] = [];
  log.wake.subscribe(() => wakes.push(log.head));
  return { log, wakes, turn: () => new Promise((resolve) => setImmediate(resolve)) };
}

async function readAll(log: FeedLog, afterSequence: number): Promise<number[]> {
  const sequences: number[] = [];
  for (let after = afterSequence; ; ) {
    const page = await log.readAfter(after);
    if (!page) return sequences;
    const { events, headSequence, epoch } = fromBinary(FollowResponseSchema, page.message.bytes);
    expect(events.length).toBeLessThanOrEqual(1_000);
    expect({ headSequence, epoch }).toEqual({ headSequence: BigInt(log.head), epoch: 'e' });
    sequences.push(...events.map(({ sequence }) => Number(sequence)));
    expect(page).toMatchObject({ firstSequence: after + 1, lastSequence: sequences.at(-1) });
    after = page.lastSequence;
  }
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('FeedLog', () => {
  it('returns every event after any sequence once, from the journal and then from memory', async () => {
    const { log, reads } = createLog(groups(40, 30));
    for (const after of [0, 1, 29, 30, 31, 899, 900, 905, 1_199, 1_200]) {
      expect(await readAll(log, after)).toEqual(from(after + 1, 1_200));
    }
    expect(Math.max(...reads)).toBe(870);
  });

  it('begins with a head whose events are all in the journal', async () => {
    const { log } = createLog(groups(5, 3), { committed: 5 });
    expect(await readAll(log, 0)).toEqual(from(1, 15));
  });

  it('reads each part of the journal once for concurrent followers', async () => {
    const { log, reads } = createLog(groups(16, 1_500), { segmentsMax: 4 });
    const followers = await Promise.all(Array.from({ length: 8 }, (_, i) => readAll(log, i)));
    for (const [i, sequences] of followers.entries()) expect(sequences).toEqual(from(i + 1, 24_000));
    expect(reads).toHaveLength(12);
  });

  it('encodes the newest page once for all followers', async () => {
    const { log } = createLog(groups(4, 5));
    const [one, other] = [await log.readAfter(15), await log.readAfter(15)];
    expect(one).toBe(other);
    const [next] = groups(1, 5).map((segment) => ({ ...segment, firstSequence: 21, lastSequence: 25 }));
    if (next) log.append(next);
    expect((await log.readAfter(15))?.lastSequence).toBe(25);
  });

  it('wakes followers at once after a pause, then once for all groups of a time', async () => {
    const { log, wakes, turn } = createPacedLog(50);
    const segments = groups(30, 5);
    for (const segment of segments.slice(0, 10)) log.append(segment);
    await turn();
    expect(wakes).toEqual([50]);
    for (const segment of segments.slice(10)) {
      log.append(segment);
      await turn();
    }
    await expect.poll(() => wakes.at(-1)).toBe(150);
    expect(wakes.length).toBeLessThan(20);
  });

  it('wakes followers before the time is over when a page is full', async () => {
    const { log, wakes, turn } = createPacedLog(60_000);
    for (const segment of groups(300, 5)) {
      log.append(segment);
      await turn();
    }
    expect(wakes).toEqual([5, 1_005]);
  });

  it('names the history up to each page, and up to any event, from memory and from the journal', async () => {
    const { log } = createLog(groups(30, 5), { committed: 10 });
    const live = await log.readAfter(147);
    expect(live && fromBinary(FollowResponseSchema, live.message.bytes).fingerprint).toBe('000000bd');
    const old = await log.readAfter(2);
    expect(old && fromBinary(FollowResponseSchema, old.message.bytes).fingerprint).toBe('000000a0');
    expect(await Promise.all([1, 5, 6, 98, 150].map((sequence) => log.fingerprintAt(sequence)))).toEqual(
      ['a0', 'a0', 'a1', 'b3', 'bd'].map((checksum) => `000000${checksum}`),
    );
    expect(fromBinary(FollowResponseSchema, log.heartbeat().bytes).fingerprint).toBe('');
  });

  it('fails only the reader whose read fails', async () => {
    const journal = groups(30, 5);
    const { log } = createLog(journal);
    const [lost] = journal.splice(0, 1);
    await expect(log.readAfter(0)).rejects.toThrow('gap');
    journal.unshift(lost as FeedSegment);
    expect(await readAll(log, 10)).toEqual(from(11, 150));
  });
});

describe('FeedTail', () => {
  it('holds no more bytes and segments than its bounds', () => {
    const tail = new FeedTail({ bytesMax: 1_000, segmentsMax: 7 });
    for (let i = 1; i <= 500; i++) {
      const bytes = new Uint8Array(i % 9 === 0 ? 600 : 40);
      tail.push({ firstSequence: i, lastSequence: i, bytes, marks: [] });
      expect(tail.bytes).toBeLessThanOrEqual(1_000);
      const found = tail.after(i - 1, 100) ?? [];
      expect(found.map(({ lastSequence }) => lastSequence)).toEqual([i]);
      if (i > 7) expect(tail.after(i - 8, 100)).toBeUndefined();
    }
  });

  it('returns the segments after a sequence, at most as many as requested', () => {
    const tail = new FeedTail({ bytesMax: 1_000, segmentsMax: 7 });
    for (const segment of groups(20, 5)) tail.push(segment);
    const firsts = (after: number, max: number) => tail.after(after, max)?.map(({ firstSequence }) => firstSequence);
    expect(firsts(65, 100)).toEqual([66, 71, 76, 81, 86, 91, 96]);
    expect(firsts(64, 100)).toBeUndefined();
    expect(firsts(73, 2)).toEqual([71, 76]);
    expect(firsts(100, 2)).toEqual([]);
  });
});
