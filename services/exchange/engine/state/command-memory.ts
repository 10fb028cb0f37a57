import { none, Reason } from '../model/codes.ts';
import { grown } from '../model/columns.ts';
import type { Outcome } from '../model/commands.ts';
import { Hasher, type HashSum } from '../model/hasher.ts';
import { formatUuid, parseUuid } from '../model/uuid.ts';
import { UuidIndex } from '../model/uuid-index.ts';

const capacityFirst = 256;

/** A remembered command as it is stored in a snapshot. */
export type RememberedCommand = {
  commandId: string;
  /** Hash lanes of its body. */
  bodyLow: number;
  bodyHigh: number;
  outcome: Outcome;
  timeMs: number;
};

/** An immutable copy of a CommandMemory. */
export type CommandImage = {
  count: number;
  /** The remembered commands, the oldest first. */
  records(): Generator<RememberedCommand>;
};

/** Idempotency records: commands by command id with their outcomes, in order of arrival, for the retention time. */
export class CommandMemory {
  /** Oldest command, or none. */
  head: number = none;
  timeMs = new Float64Array(capacityFirst);
  #tail: number = none;
  #freeHead: number = none;
  #used = 0;
  #count = 0;
  #next = new Int32Array(capacityFirst);
  #bodyLow = new Int32Array(capacityFirst);
  #bodyHigh = new Int32Array(capacityFirst);
  #hashLow = new Int32Array(capacityFirst);
  #hashHigh = new Int32Array(capacityFirst);
  // Seven numbers an outcome: reason, both details, traded, resting, revision, cancelled count.
  #numbers = new Int32Array(capacityFirst * 7);
  #sequence = new Float64Array(capacityFirst);
  // Not in the hash: it follows from the commands. 0 although lots were traded: not known.
  #value = new BigInt64Array(capacityFirst);
  // Ids that are UUIDs are stored off the heap; others as text.
  #uuids = new UuidIndex();
  #texts = new Map<string, number>();
  #textOf = new Map<number, string>();
  #key = new Uint32Array(4);
  #hasher = new Hasher();

  /** Commands that are remembered. */
  get count(): number {
    return this.#count;
  }

  /** The slot of a command id, or none. */
  find(commandId: string): number {
    if (parseUuid(commandId, this.#key)) return this.#uuids.find(this.#key);
    return this.#texts.get(commandId) ?? none;
  }

  /** Whether the command in a slot has this body. */
  sameBody(slot: number, body: readonly (string | number)[]): boolean {
    this.#hashBody(body);
    return this.#bodyLow[slot] === this.#hasher.low() && this.#bodyHigh[slot] === this.#hasher.high();
  }

  /** The stored outcome of the command in a slot, marked as a repetition. */
  outcomeOf(slot: number): Outcome {
    const at = slot * 7;
    const numbers = this.#numbers;
    const reason = numbers[at] as Reason;
    return {
      effective: false,
      accepted: reason === Reason.NONE,
      reason,
      detailA: numbers[at + 1]!,
      detailB: numbers[at + 2]!,
      feedSequence: this.#sequence[slot]!,
      // The sum of two exits of a list can exceed 2^31.
      tradedLots: numbers[at + 3]! >>> 0,
      tradedValue: this.#value[slot]!,
      restingLots: numbers[at + 4]! >>> 0,
      revision: numbers[at + 5]!,
      cancelledCount: numbers[at + 6]!,
      timeMs: this.timeMs[slot]!,
    };
  }

  /** Stores a command with a new id, and adds it to the state's hash. */
  remember(
    commandId: string,
    body: readonly (string | number)[],
    outcome: Outcome,
    timeMs: number,
    sum: HashSum,
  ): void {
    this.#hashBody(body);
    const [bodyLow, bodyHigh] = [this.#hasher.low(), this.#hasher.high()];
    this.restore({ commandId, bodyLow, bodyHigh, outcome, timeMs }, sum);
  }

  /** Restores a command from a snapshot, in the order of arrival, and adds it to the state's hash. */
  restore({ commandId, bodyLow, bodyHigh, outcome, timeMs }: RememberedCommand, sum: HashSum): void {
    const slot = this.#allocate();
    if (parseUuid(commandId, this.#key)) {
      this.#uuids.insert(slot, this.#key);
    } else {
      this.#texts.set(commandId, slot);
      this.#textOf.set(slot, commandId);
    }
    this.#bodyLow[slot] = bodyLow;
    this.#bodyHigh[slot] = bodyHigh;
    const { reason, detailA, detailB, tradedLots, restingLots, revision, cancelledCount, feedSequence } = outcome;
    const at = slot * 7;
    this.#numbers[at] = reason;
    this.#numbers[at + 1] = detailA;
    this.#numbers[at + 2] = detailB;
    this.#numbers[at + 3] = tradedLots;
    this.#numbers[at + 4] = restingLots;
    this.#numbers[at + 5] = revision;
    this.#numbers[at + 6] = cancelledCount;
    this.#sequence[slot] = feedSequence;
    this.#value[slot] = outcome.tradedValue;
    this.timeMs[slot] = timeMs;
    const hash = this.#hasher.reset().id(commandId).word(bodyLow).word(bodyHigh);
    for (let i = at; i < at + 7; i++) hash.word(this.#numbers[i]!);
    hash.long(feedSequence).long(timeMs);
    this.#hashLow[slot] = hash.low();
    this.#hashHigh[slot] = hash.high();
    sum.add(hash.low(), hash.high());
    this.#count++;
  }

  /** Removes the oldest command, also from the state's hash. */
  forgetOldest(sum: HashSum): void {
    const slot = this.head;
    this.head = this.#next[slot]!;
    if (this.head === none) this.#tail = none;
    const text = this.#textOf.get(slot);
    if (text === undefined) {
      this.#uuids.remove(slot);
    } else {
      this.#texts.delete(text);
      this.#textOf.delete(slot);
    }
    sum.subtract(this.#hashLow[slot]!, this.#hashHigh[slot]!);
    this.#count--;
    this.#next[slot] = this.#freeHead;
    this.#freeHead = slot;
  }

  /** An immutable copy. */
  image(): CommandImage {
    const used = this.#used;
    const copy = new CommandMemory();
    copy.head = this.head;
    copy.timeMs = this.timeMs.slice(0, used);
    copy.#next = this.#next.slice(0, used);
    copy.#bodyLow = this.#bodyLow.slice(0, used);
    copy.#bodyHigh = this.#bodyHigh.slice(0, used);
    copy.#numbers = this.#numbers.slice(0, used * 7);
    copy.#sequence = this.#sequence.slice(0, used);
    copy.#value = this.#value.slice(0, used);
    copy.#uuids.words = this.#uuids.words.slice(0, used * 4);
    copy.#textOf = new Map(this.#textOf);
    return { count: this.#count, records: () => copy.#records() };
  }

  *#records(): Generator<RememberedCommand> {
    for (let slot = this.head; slot !== none; slot = this.#next[slot]!) {
      yield {
        commandId: this.#textOf.get(slot) ?? formatUuid(this.#uuids.words, slot * 4),
        bodyLow: this.#bodyLow[slot]!,
        bodyHigh: this.#bodyHigh[slot]!,
        outcome: this.outcomeOf(slot),
        timeMs: this.timeMs[slot]!,
      };
    }
  }

  #hashBody(body: readonly (string | number)[]): void {
    this.#hasher.reset();
    for (const part of body) {
      if (typeof part === 'string') this.#hasher.id(part);
      else this.#hasher.long(part);
    }
  }

  #allocate(): number {
    let slot = this.#freeHead;
    if (slot === none) {
      slot = this.#used++;
      if (slot === this.timeMs.length) this.#grow(slot * 2);
    } else {
      this.#freeHead = this.#next[slot]!;
    }
    this.#next[slot] = none;
    if (this.#tail === none) this.head = slot;
    else this.#next[this.#tail] = slot;
    this.#tail = slot;
    return slot;
  }

  #grow(capacity: number): void {
    this.timeMs = grown(this.timeMs, capacity);
    this.#next = grown(this.#next, capacity);
    this.#bodyLow = grown(this.#bodyLow, capacity);
    this.#bodyHigh = grown(this.#bodyHigh, capacity);
    this.#hashLow = grown(this.#hashLow, capacity);
    this.#hashHigh = grown(this.#hashHigh, capacity);
    this.#numbers = grown(this.#numbers, capacity * 7);
    this.#sequence = grown(this.#sequence, capacity);
    this.#value = grown(this.#value, capacity);
  }
}
