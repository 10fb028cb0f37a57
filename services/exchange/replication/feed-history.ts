import { oneAtATime } from '#platform/postgres/one-at-a-time.ts';
import type { FeedSegment } from '../journal/feed-segment.ts';

/** Reads the events of some groups after a sequence, up to another one. */
export type ReadJournal = (range: { afterSequence: number; lastSequence: number }) => Promise<FeedSegment>;

/** What followers that are behind have in memory together. */
const cachedBytesMax = 32 * 1024 * 1024;

/**
 * Older events from the journal. What was read is kept for the other followers, the last used the longest; and one read is made at
 * a time, whatever the number of followers, so that they neither keep the database from the book nor read the same twice.
 */
export class FeedHistory {
  readonly #readJournal: ReadJournal;
  readonly #bytesMax: number;
  readonly #queue = oneAtATime();
  /** The last used is the last. */
  #cached: FeedSegment[] = [];
  #bytes = 0;

  constructor(readJournal: ReadJournal, bytesMax: number = cachedBytesMax) {
    this.#readJournal = readJournal;
    this.#bytesMax = bytesMax;
  }

  /** A segment with the event after a sequence, which is below `lastSequence`. Rejects as the reading does. */
  async after(sequence: number, lastSequence: number): Promise<FeedSegment> {
    return this.#find(sequence) ?? this.#queue(async () => this.#find(sequence) ?? this.#read(sequence, lastSequence));
  }

  async #read(afterSequence: number, lastSequence: number): Promise<FeedSegment> {
    const segment = await this.#readJournal({ afterSequence, lastSequence });
    this.#cached.push(segment);
    this.#bytes += segment.bytes.length;
    while (this.#bytes > this.#bytesMax) this.#bytes -= this.#cached.shift()?.bytes.length ?? 0;
    return segment;
  }

  #find(sequence: number): FeedSegment | undefined {
    const cached = this.#cached;
    const place = cached.findLastIndex((one) => one.firstSequence <= sequence + 1 && one.lastSequence > sequence);
    const found = cached[place];
    if (found && place < cached.length - 1) {
      cached.splice(place, 1);
      cached.push(found);
    }
    return found;
  }
}
