import type { FeedWake } from '#platform/feed/wake.ts';
import { createFeedWake } from '#platform/feed/wake.ts';
import type { FeedSegment } from './feed-segment.ts';
import { sliceSegment } from './feed-segment.ts';

/** What is kept in memory of the newest events, so that live followers do not read the database. */
const tailBytesMax = 8 * 1024 * 1024;
const tailSegmentsMax = 2_048;

/** Most events of one message. */
export const eventsMax = 1_000;
const pageBytesMax = 512 * 1024;
const pageGroupsMax = 32;

type ReadJournal = (
  range: { afterSequence: number; lastSequence: number },
  groupsMax: number,
) => Promise<FeedSegment[]>;

/** The committed events of a shard: the newest from memory, older ones from the journal. */
export class FeedLog {
  readonly wake: FeedWake = createFeedWake();
  /** Sequence of the last committed event. */
  head: number;
  /** Streams that follow now. */
  followerCount = 0;
  #tail: FeedSegment[] = [];
  #tailBytes = 0;
  #readJournal: ReadJournal;

  constructor(head: number, readJournal: ReadJournal) {
    this.head = head;
    this.#readJournal = readJournal;
  }

  /** Adds the events of a committed group and wakes the followers. */
  append(segment: FeedSegment): void {
    if (segment.lastSequence < segment.firstSequence) return;
    this.head = segment.lastSequence;
    this.#tail.push(segment);
    this.#tailBytes += segment.bytes.length;
    while (this.#tail.length > tailSegmentsMax || this.#tailBytes > tailBytesMax) {
      this.#tailBytes -= this.#tail.shift()?.bytes.length ?? 0;
    }
    this.wake.notify();
  }

  /** The next events after a sequence, in order and without a gap, as many as one message holds; none at the head. */
  async readAfter(afterSequence: number): Promise<FeedSegment[]> {
    if (afterSequence >= this.head) return [];
    const oldest = this.#tail[0];
    if (oldest && oldest.firstSequence <= afterSequence + 1)
      return takePage(this.#tailAfter(afterSequence), afterSequence);
    return takePage(await this.#readJournal({ afterSequence, lastSequence: this.head }, pageGroupsMax), afterSequence);
  }

  // Binary search: thousands of followers look at each group.
  #tailAfter(afterSequence: number): FeedSegment[] {
    let low = 0;
    let high = this.#tail.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#tail[middle]?.lastSequence ?? 0) > afterSequence) high = middle;
      else low = middle + 1;
    }
    return this.#tail.slice(low, low + pageGroupsMax);
  }
}

function takePage(segments: FeedSegment[], afterSequence: number): FeedSegment[] {
  const page: FeedSegment[] = [];
  let last = afterSequence;
  let bytes = 0;
  for (const segment of segments) {
    if (last - afterSequence >= eventsMax || bytes >= pageBytesMax) break;
    const slice = sliceSegment(segment, last, eventsMax - (last - afterSequence));
    if (!slice) continue;
    if (slice.firstSequence !== last + 1) throw new Error(`the feed has a gap after ${last}`);
    page.push(slice);
    last = slice.lastSequence;
    bytes += slice.bytes.length;
  }
  return page;
}
