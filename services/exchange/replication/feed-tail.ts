import type { FeedSegment } from '../journal/feed-segment.ts';

/** Bounds of what is kept in memory of the newest events, so that live followers do not read the database. */
export type TailLimits = { bytesMax: number; segmentsMax: number };

/** The default bounds: two seconds of a book that is as busy as can be. */
export const tailLimits: TailLimits = { bytesMax: 64 * 1024 * 1024, segmentsMax: 20_000 };

/** The newest segments of a feed, without a gap. */
export class FeedTail {
  readonly #limits: TailLimits;
  // Those before the head are gone; they are cut off many at a time.
  #segments: (FeedSegment | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(limits: TailLimits = tailLimits) {
    this.#limits = limits;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds the segment that follows the last one, and forgets the oldest that are too many. */
  push(segment: FeedSegment): void {
    this.#segments.push(segment);
    this.#bytes += segment.bytes.length;
    const { bytesMax, segmentsMax } = this.#limits;
    while (this.#segments.length - this.#head > segmentsMax || this.#bytes > bytesMax) {
      this.#bytes -= this.#segments[this.#head]?.bytes.length ?? 0;
      this.#segments[this.#head++] = undefined;
    }
    if (this.#head * 2 <= this.#segments.length) return;
    this.#segments = this.#segments.slice(this.#head);
    this.#head = 0;
  }

  /** The segments after a sequence, the first of which may begin before, at most `max`; undefined when some are gone. */
  after(sequence: number, max: number): FeedSegment[] | undefined {
    const segments = this.#segments;
    const oldest = segments[this.#head];
    if (!oldest || oldest.firstSequence > sequence + 1) return undefined;
    let low = this.#head;
    let high = segments.length;
    // Thousands of followers look at each group.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((segments[middle]?.lastSequence ?? 0) > sequence) high = middle;
      else low = middle + 1;
    }
    return segments.slice(low, low + max) as FeedSegment[];
  }
}
