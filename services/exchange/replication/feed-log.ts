import { createNotifier, type Notifier } from '#platform/concurrency/notifier.ts';
import { EncodedMessage } from '#platform/rpc/implementation.ts';
import { type FeedSegment, sliceSegment } from '../journal/feed-segment.ts';
import { ProtobufWriter } from '../journal/protobuf-writer.ts';
import { FeedHistory, type ReadJournal } from './feed-history.ts';
import { FeedTail, type TailLimits } from './feed-tail.ts';

// FollowResponse.head_sequence and FollowResponse.epoch.
const [headSequenceField, epochField] = [2, 3];
const writer = new ProtobufWriter();

/** Most events of one message, and the bytes after which no further group is added to it. */
export const eventsMax = 1_000;
const pageBytesMax = 512 * 1024;

/** Encoded pages at the head that are cached until the next group. */
const pagesMax = 16;

/** Consecutive events as a FollowResponse. */
export type FeedPage = { firstSequence: number; lastSequence: number; message: EncodedMessage };

/** How to create a log. */
export type FeedLogOptions = {
  /** Sequence of the last committed event. */
  head: number;
  /** Name of the feed's history. */
  epoch: string;
  readJournal: ReadJournal;
  tailLimits?: TailLimits;
};

/** The committed events of a shard: the newest from memory, older ones from the journal. */
export class FeedLog {
  readonly wake: Notifier = createNotifier();
  /** Sequence of the last committed event. */
  head: number;
  /** Open streams. */
  followerCount = 0;
  #isWaking = false;
  readonly #epoch: string;
  readonly #tail: FeedTail;
  readonly #history: FeedHistory;
  /** By the sequence after which they begin. */
  readonly #pages = new Map<number, FeedPage>();

  constructor({ head, epoch, readJournal, tailLimits }: FeedLogOptions) {
    this.head = head;
    this.#epoch = epoch;
    this.#tail = new FeedTail(tailLimits);
    this.#history = new FeedHistory(readJournal);
  }

  /** Adds the events of a committed group. Followers are woken a turn of the event loop later: answers to callers come first. */
  append(segment: FeedSegment): void {
    if (segment.lastSequence < segment.firstSequence) return;
    this.head = segment.lastSequence;
    this.#tail.push(segment);
    this.#pages.clear();
    if (this.#isWaking) return;
    this.#isWaking = true;
    setImmediate(() => {
      this.#isWaking = false;
      this.wake.notify();
    });
  }

  /**
   * The next events after a sequence, in order and without a gap, as many as one message holds; undefined at the head. Live
   * followers share one page, whatever their number.
   */
  async readAfter(afterSequence: number): Promise<FeedPage | undefined> {
    if (afterSequence >= this.head) return undefined;
    const known = this.#pages.get(afterSequence);
    if (known) return known;
    const newest = this.#tail.after(afterSequence, eventsMax);
    if (!newest) return this.#encode([await this.#history.after(afterSequence, this.head)], afterSequence);
    const page = this.#encode(newest, afterSequence);
    if (this.#pages.size < pagesMax) this.#pages.set(afterSequence, page);
    return page;
  }

  /** A message without events. */
  heartbeat(): EncodedMessage {
    return new EncodedMessage(this.#trailer());
  }

  // Protobuf messages are joined by joining their bytes.
  #encode(segments: FeedSegment[], afterSequence: number): FeedPage {
    const slices = takePage(segments, afterSequence);
    const lastSequence = slices.at(-1)?.lastSequence ?? afterSequence;
    const bytes = Buffer.concat([...slices.map((slice) => slice.bytes), this.#trailer()]);
    return { firstSequence: afterSequence + 1, lastSequence, message: new EncodedMessage(bytes) };
  }

  // There is a page for every group, so its trailing fields are written without a message.
  #trailer(): Uint8Array {
    writer.reset();
    writer.makeRoom();
    writer.number(headSequenceField, this.head);
    writer.text(epochField, this.#epoch);
    return writer.copy();
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
