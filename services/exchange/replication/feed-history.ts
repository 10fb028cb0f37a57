import { createMutex } from '#platform/concurrency/mutex.ts';
import type { FeedSegment } from '../journal/feed-segment.ts';

/** Reads the events of the next groups after a sequence, up to another one. */
export type ReadJournal = (range: { afterSequence: number; lastSequence: number }) => Promise<FeedSegment>;

/** Bytes of older events in memory, for all followers together. */
const cachedBytesMax = 32 * 1024 * 1024;

/**
 * Older events from the journal, in a cache that evicts the least recently used segment. One read is made at a time for all followers,
 * so that they neither delay the journal's writer nor read the same rows twice.
 */
export class FeedHistory {
  readonly #readJournal: ReadJournal;
  readonly #bytesMax: number;
  readonly #queue = createMutex();
  /** The most recently used is last. */
  #cached: FeedSegment[] = [];
  #bytes = 0;

  constructor(readJournal: ReadJournal, bytesMax: number = cachedBytesMax) {
    this.#readJournal = readJournal;
    this.#bytesMax = bytesMax;
  }

  /** A segment that contains the event after a sequence below `lastSequence`. Rejects as `readJournal` does. */
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
    const index = cached.findLastIndex((one) => one.firstSequence <= sequence + 1 && one.lastSequence > sequence);
    const found = cached[index];
    if (found && index < cached.length - 1) {
      cached.splice(index, 1);
      cached.push(found);
    }
    return found;
  }
}
