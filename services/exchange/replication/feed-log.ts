import { createNotifier, type Notifier } from '#platform/concurrency/notifier.ts';
import { EncodedMessage } from '#platform/rpc/implementation.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { type FeedSegment, fingerprintIn, sliceSegment, toFingerprint } from '../journal/feed-segment.ts';
import { ProtobufWriter } from '../journal/protobuf-writer.ts';
import { FeedHistory, type ReadJournal } from './feed-history.ts';
import { FeedTail, type TailLimits } from './feed-tail.ts';
import { FeedTraces } from './feed-traces.ts';

// FollowResponse.head_sequence, FollowResponse.epoch and FollowResponse.fingerprint.
const [headSequenceField, epochField, fingerprintField] = [2, 3, 4];
const writer = new ProtobufWriter();

/** Most events of one message, and the bytes after which no further group is added to it. */
export const eventsMax = 1_000;
const pageBytesMax = 512 * 1024;

/**
 * Default of the least time between two wakes of the followers, in ms. What is committed within it goes to each of them as one page, so
 * that many small groups cost neither this process nor a follower a message and a transaction each. No answer waits for it.
 */
const paceMsDefault = 20;

/** Encoded pages at the head that are cached until the next group. */
const pagesMax = 16;

/** Consecutive events as a FollowResponse. */
export type FeedPage = { firstSequence: number; lastSequence: number; message: EncodedMessage };

/** How to create a log. */
export type FeedLogOptions = {
  /** Sequence of the last committed event. */
  head: number;
  /** Sequence after which the journal has the events; default 0. */
  start?: number;
  /** Name of the feed's history. */
  epoch: string;
  readJournal: ReadJournal;
  /** Checksum of the group that has an event; undefined when there is none. */
  readChecksum: (sequence: number) => Promise<number | undefined>;
  tailLimits?: TailLimits;
  /** Least time between two wakes of the followers, in ms, unless a page is full; default 20. */
  paceMs?: number;
};

/** The committed events of a shard: the newest from memory, older ones from the journal. */
export class FeedLog {
  readonly wake: Notifier = createNotifier();
  /** Sequence of the last committed event. */
  head: number;
  /** Sequence after which events can be read: earlier ones were deleted. */
  start: number;
  /** Open streams. */
  followerCount = 0;
  readonly #paceMs: number;
  #wakeTimer: Timer | undefined;
  #isWaking = false;
  #wokenTimeMs = Number.NEGATIVE_INFINITY;
  #wokenHead: number;
  readonly #epoch: string;
  readonly #tail: FeedTail;
  readonly #history: FeedHistory;
  readonly #readChecksum: FeedLogOptions['readChecksum'];
  /** By the sequence after which they begin. */
  readonly #pages = new Map<number, FeedPage>();
  readonly #traces = new FeedTraces();

  constructor(options: FeedLogOptions) {
    const { head, start = 0, epoch, readJournal, readChecksum, tailLimits, paceMs = paceMsDefault } = options;
    this.head = head;
    this.start = start;
    this.#wokenHead = head;
    this.#paceMs = paceMs;
    this.#epoch = epoch;
    this.#tail = new FeedTail(tailLimits);
    this.#history = new FeedHistory(readJournal);
    this.#readChecksum = readChecksum;
  }

  /** Adds the events of a committed group, and sees to it that followers are woken. */
  append(segment: FeedSegment, trace?: Trace): void {
    if (segment.lastSequence < segment.firstSequence) return;
    if (trace?.isSampled) this.#traces.add(segment, trace);
    this.head = segment.lastSequence;
    this.#tail.push(segment);
    this.#pages.clear();
    this.#scheduleWake();
  }

  // After a pause followers are woken a turn of the event loop later: answers to callers come first. Otherwise one timer serves them all.
  #scheduleWake(): void {
    if (this.#isWaking) return;
    const waitMs = this.#wokenTimeMs + this.#paceMs - performance.now();
    if (waitMs > 0 && this.head - this.#wokenHead < eventsMax) {
      this.#wakeTimer ??= startTimer(waitMs, () => this.#wake());
      return;
    }
    this.#isWaking = true;
    setImmediate(() => this.#wake());
  }

  #wake(): void {
    this.#wakeTimer?.[Symbol.dispose]();
    this.#wakeTimer = undefined;
    this.#isWaking = false;
    this.#wokenTimeMs = performance.now();
    this.#wokenHead = this.head;
    this.wake.notify();
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

  /** The name of the feed's history up to the group that has an event; undefined when there is no such event. */
  async fingerprintAt(sequence: number): Promise<string | undefined> {
    const [newest] = this.#tail.after(sequence - 1, 1) ?? [];
    const known = newest && fingerprintIn(newest, sequence);
    if (known !== undefined) return known;
    const checksum = await this.#readChecksum(sequence);
    return checksum === undefined ? undefined : toFingerprint(checksum);
  }

  /** A message without events. */
  heartbeat(): EncodedMessage {
    return new EncodedMessage(this.#trailer(''));
  }

  // Protobuf messages are joined by joining their bytes.
  #encode(segments: FeedSegment[], afterSequence: number): FeedPage {
    const slices = takePage(segments, afterSequence);
    const lastSequence = slices.at(-1)?.lastSequence ?? afterSequence;
    const newest = slices.at(-1);
    const fingerprint = (newest && fingerprintIn(newest, lastSequence)) ?? '';
    const traces = this.#traces.encode({ firstSequence: afterSequence + 1, lastSequence });
    const bytes = Buffer.concat([...slices.map((slice) => slice.bytes), this.#trailer(fingerprint), traces]);
    return { firstSequence: afterSequence + 1, lastSequence, message: new EncodedMessage(bytes) };
  }

  // There is a page for every group, so its trailing fields are written without a message.
  #trailer(fingerprint: string): Uint8Array {
    writer.reset();
    writer.makeRoom();
    writer.number(headSequenceField, this.head);
    writer.text(epochField, this.#epoch);
    if (fingerprint !== '') writer.text(fingerprintField, fingerprint);
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
