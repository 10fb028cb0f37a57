import { none, OrderStatus } from '../model/codes.ts';
import { grown } from '../model/columns.ts';
import type { Outcome } from '../model/commands.ts';
import { UuidIndex } from '../model/uuid-index.ts';

const recordsFirst = 1_024;

/** Words of a submit's outcome: reason, both details, traded lots, resting lots, revision. */
const answerWords = 6;

/**
 * The records of all known orders, live or remembered, by key: their identity and the outcome of their submit. A key is reused only after
 * the retention time of its final order.
 */
export class OrderRecords {
  index = new UuidIndex();
  status = new Uint8Array(recordsFirst);
  side = new Uint8Array(recordsFirst);
  /** Handles of the owner and of the self-trade group, and the number of the book. */
  account = new Int32Array(recordsFirst);
  group = new Int32Array(recordsFirst);
  book = new Int32Array(recordsFirst);
  /** Hash lanes of the terms as they were submitted. */
  bodyLow = new Int32Array(recordsFirst);
  bodyHigh = new Int32Array(recordsFirst);
  /** Revision after the last event of the order. */
  revision = new Int32Array(recordsFirst);
  /** Sequence and time of the event that ended the order. */
  finalSequence = new Float64Array(recordsFirst);
  finalTimeMs = new Float64Array(recordsFirst);
  answers = new Int32Array(recordsFirst * answerWords);
  answerSequence = new Float64Array(recordsFirst);
  /** Traded value and journalled time of the submit; 0: not known. They follow from the commands and are not in the hash. */
  answerValue = new BigInt64Array(recordsFirst);
  answerTimeMs = new Float64Array(recordsFirst);
  /** Lanes of the record's hash as last added to the state's hash. */
  hashLow = new Int32Array(recordsFirst);
  hashHigh = new Int32Array(recordsFirst);
  /** Links the final orders, the oldest first, and the free records. */
  next = new Int32Array(recordsFirst);
  /** Number of known orders, and the oldest and newest final one. */
  count = 0;
  finalHead: number = none;
  finalTail: number = none;
  /** Keys of records that changed since the last hash, and whether a record is among them. */
  touched = new Int32Array(recordsFirst);
  touchedCount = 0;
  isTouched = new Uint8Array(recordsFirst);
  #used = 0;
  #freeHead: number = none;
  #isFrozen = false;
  #forgottenWhileFrozen: number[] = [];

  /** UUIDs, four words a key. */
  get uuids(): Uint32Array {
    return this.index.words;
  }

  /** Keys that were ever allocated, free ones included. */
  get used(): number {
    return this.#used;
  }

  /** Allocates a key for a new UUID. */
  allocate(uuid: Uint32Array): number {
    let key = this.#freeHead;
    if (key === none) {
      key = this.#used++;
      if (key === this.status.length) this.#grow(key * 2);
    } else {
      this.#freeHead = this.next[key]!;
    }
    this.index.insert(key, uuid);
    this.count++;
    this.next[key] = none;
    this.revision[key] = 1;
    this.finalSequence[key] = 0;
    this.finalTimeMs[key] = 0;
    this.hashLow[key] = 0;
    this.hashHigh[key] = 0;
    this.answerSequence[key] = 0;
    this.answerValue[key] = 0n;
    this.answerTimeMs[key] = 0;
    for (let i = key * answerWords; i < (key + 1) * answerWords; i++) this.answers[i] = 0;
    this.touch(key);
    return key;
  }

  /** Marks the hash of a record as outdated. */
  touch(key: number): void {
    if (this.isTouched[key] === 1) return;
    this.isTouched[key] = 1;
    if (this.touchedCount === this.touched.length) this.touched = grown(this.touched, this.touchedCount * 2);
    this.touched[this.touchedCount++] = key;
  }

  /** Makes an order final. */
  finish(key: number, status: OrderStatus, timeMs: number, sequence: number): void {
    this.status[key] = status;
    this.finalTimeMs[key] = timeMs;
    this.finalSequence[key] = sequence;
    this.next[key] = none;
    if (this.finalTail === none) this.finalHead = key;
    else this.next[this.finalTail] = key;
    this.finalTail = key;
    this.touch(key);
  }

  /** Stores the outcome of a submit. */
  setAnswer(key: number, outcome: Outcome): void {
    const { answers } = this;
    const at = key * answerWords;
    answers[at] = outcome.reason;
    answers[at + 1] = outcome.detailA;
    answers[at + 2] = outcome.detailB;
    answers[at + 3] = outcome.tradedLots;
    answers[at + 4] = outcome.restingLots;
    answers[at + 5] = outcome.revision;
    this.answerSequence[key] = outcome.feedSequence;
    this.answerValue[key] = outcome.tradedValue;
    this.answerTimeMs[key] = outcome.timeMs;
    this.touch(key);
  }

  /** Removes the order that has been final the longest, and frees its key. */
  forgetOldest(): void {
    const key = this.finalHead;
    this.finalHead = this.next[key]!;
    if (this.finalHead === none) this.finalTail = none;
    this.index.remove(key);
    this.count--;
    // What is in the record stays as it is while a snapshot may be reading it.
    this.isTouched[key] = 0;
    if (this.#isFrozen) this.#forgottenWhileFrozen.push(key);
    else this.#free(key);
  }

  /** Moves the order that has been final the longest to the end, under another key, as if it had become final at `timeMs`. */
  renewOldest(timeMs: number): void {
    const from = this.finalHead;
    const values = columnNames.map((name) => this[name][from]);
    const [status, finalSequence] = [this.status[from] as OrderStatus, this.finalSequence[from]!];
    const answers = this.answers.slice(from * answerWords, (from + 1) * answerWords);
    const uuid = this.uuids.slice(from * 4, from * 4 + 4);
    this.forgetOldest();
    const key = this.allocate(uuid);
    for (const [i, name] of columnNames.entries()) {
      if (!ownColumns.has(name)) (this[name] as { [key: number]: number | bigint })[key] = values[i]!;
    }
    this.answers.set(answers, key * answerWords);
    this.finish(key, status, timeMs, finalSequence);
  }

  /** From now on no key of a forgotten order is given out again, and no final record changes: a snapshot reads those of this moment. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Ends `freeze`. */
  thaw(): void {
    this.#isFrozen = false;
    for (const key of this.#forgottenWhileFrozen) this.#free(key);
    this.#forgottenWhileFrozen = [];
  }

  /** The first and the last final key of now. */
  finals(): { head: number; tail: number } {
    return { head: this.finalHead, tail: this.finalTail };
  }

  /** The keys of a range of an earlier moment, since which the records were frozen, in the order in which their orders ended. */
  *keysOf({ head, tail }: { head: number; tail: number }): Generator<number> {
    for (let key = head; key !== none; key = this.next[key]!) {
      yield key;
      if (key === tail) return;
    }
  }

  #free(key: number): void {
    this.status[key] = OrderStatus.FREE;
    this.next[key] = this.#freeHead;
    this.#freeHead = key;
  }

  #grow(capacity: number): void {
    for (const name of columnNames) Object.assign(this, { [name]: grown(this[name], capacity) });
    this.answers = grown(this.answers, capacity * answerWords);
  }
}

/** Columns that a renewed record has of its own. */
const ownColumns: ReadonlySet<string> = new Set(['next', 'isTouched', 'hashLow', 'hashHigh']);

const columnNames = [
  ...(['status', 'side', 'account', 'group', 'book', 'bodyLow', 'bodyHigh', 'revision', 'finalSequence'] as const),
  ...(['finalTimeMs', 'answerSequence', 'answerValue', 'answerTimeMs', 'hashLow', 'hashHigh', 'next'] as const),
  'isTouched' as const,
];
