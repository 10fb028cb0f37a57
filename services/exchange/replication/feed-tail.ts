import type { FeedSegment } from '../journal/feed-segment.ts';

/** Bounds of the newest events in memory, from which live followers are served without the database. */
export type TailLimits = { bytesMax: number; segmentsMax: number };

/** The default bounds: about two seconds at full load. */
export const tailLimits: TailLimits = { bytesMax: 64 * 1024 * 1024, segmentsMax: 20_000 };

/** The newest segments of a feed, consecutive. */
export class FeedTail {
  readonly #limits: TailLimits;
  // Entries before the head are dropped; the array is cut many at a time.
  #segments: (FeedSegment | undefined)[] = [];
  #head = 0;
  #bytes = 0;

  constructor(limits: TailLimits = tailLimits) {
    this.#limits = limits;
  }

  /** Bytes in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds the next segment and drops the oldest beyond the bounds. */
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

  /** At most `max` segments after a sequence, the first of which may begin before it; undefined when some were dropped. */
  after(sequence: number, max: number): FeedSegment[] | undefined {
    const segments = this.#segments;
    const oldest = segments[this.#head];
    if (!oldest || oldest.firstSequence > sequence + 1) return undefined;
    let low = this.#head;
    let high = segments.length;
    // Binary search: thousands of followers read each group.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((segments[middle]?.lastSequence ?? 0) > sequence) high = middle;
      else low = middle + 1;
    }
    return segments.slice(low, low + max) as FeedSegment[];
  }
}
