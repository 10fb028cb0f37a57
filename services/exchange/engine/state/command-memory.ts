import { none, type Reason } from '../model/codes.ts';
import { grown } from '../model/columns.ts';
import { readCommandKey } from '../model/command-key.ts';
import type { Outcome } from '../model/commands.ts';
import { Hasher, type HashSum } from '../model/hasher.ts';
import { UuidIndex } from '../model/uuid-index.ts';
import { SlotQueue } from './slot-queue.ts';

const capacityFirst = 256;
/** Seven numbers an outcome: reason, both details, traded, resting, revision, cancelled count. */
const numberWords = 7;

/** A remembered command as it is stored in a snapshot. */
export type RememberedCommand = {
  /** The four words of its id; see `readCommandKey`. */
  key: Uint32Array;
  /** Hash lanes of its body, and of all of it as part of the state's hash. */
  bodyLow: number;
  bodyHigh: number;
  hashLow: number;
  hashHigh: number;
  outcome: Outcome;
  timeMs: number;
};

/** A remembered command of a snapshot that holds ids as text. */
export type NamedCommand = Omit<RememberedCommand, 'key' | 'hashLow' | 'hashHigh'> & { commandId: string };

/** The commands that a memory holds at one moment. What they are does not change while the memory is frozen. */
export type CommandImage = {
  count: number;
  /** The remembered commands, the oldest first. */
  records(): Generator<RememberedCommand>;
};

/** Idempotency records: commands by command id with their outcomes, in order of arrival, for the retention time. */
export class CommandMemory {
  /** In the order of arrival. */
  readonly queue = new SlotQueue(capacityFirst);
  timeMs = new Float64Array(capacityFirst);
  #bodyLow = new Int32Array(capacityFirst);
  #bodyHigh = new Int32Array(capacityFirst);
  #hashLow = new Int32Array(capacityFirst);
  #hashHigh = new Int32Array(capacityFirst);
  #numbers = new Int32Array(capacityFirst * numberWords);
  #sequence = new Float64Array(capacityFirst);
  // Not in the hash: it follows from the commands. 0 although lots were traded: not known.
  #value = new BigInt64Array(capacityFirst);
  #index = new UuidIndex();
  #key = new Uint32Array(4);
  #hasher = new Hasher();

  /** Commands that are remembered. */
  get count(): number {
    return this.queue.count;
  }

  /** The slot of a command id, or none. */
  find(commandId: string): number {
    readCommandKey(commandId, this.#key);
    return this.#index.find(this.#key);
  }

  /** Whether the command in a slot has this body. */
  sameBody(slot: number, body: readonly (string | number)[]): boolean {
    this.#hashBody(body);
    return this.#bodyLow[slot] === this.#hasher.low() && this.#bodyHigh[slot] === this.#hasher.high();
  }

  /** The stored outcome of the command in a slot, marked as a repetition. */
  outcomeOf(slot: number): Outcome {
    const at = slot * numberWords;
    const numbers = this.#numbers;
    const reason = numbers[at] as Reason;
    return {
      effective: false,
      accepted: reason === 0,
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
    this.restoreNamed({ commandId, bodyLow, bodyHigh, outcome, timeMs }, sum);
  }

  /** Restores a command from a snapshot that holds its id, in the order of arrival, and adds it to the state's hash. */
  restoreNamed({ commandId, bodyLow, bodyHigh, outcome, timeMs }: NamedCommand, sum: HashSum): void {
    readCommandKey(commandId, this.#key);
    const hash = this.#hasher.reset().id(commandId).word(bodyLow).word(bodyHigh);
    for (const number of numbersOf(outcome)) hash.word(number);
    hash.long(outcome.feedSequence).long(timeMs);
    const lanes = { hashLow: hash.low(), hashHigh: hash.high() };
    this.restore({ key: this.#key, bodyLow, bodyHigh, ...lanes, outcome, timeMs }, sum);
  }

  /** Restores a command from a snapshot, in the order of arrival, and adds it to the state's hash. */
  restore(command: RememberedCommand, sum: HashSum): void {
    const slot = this.queue.add();
    if (slot === this.timeMs.length) this.#grow(slot * 2);
    this.#index.insert(slot, command.key);
    this.#bodyLow[slot] = command.bodyLow;
    this.#bodyHigh[slot] = command.bodyHigh;
    this.#hashLow[slot] = command.hashLow;
    this.#hashHigh[slot] = command.hashHigh;
    this.#numbers.set(numbersOf(command.outcome), slot * numberWords);
    this.#sequence[slot] = command.outcome.feedSequence;
    this.#value[slot] = command.outcome.tradedValue;
    this.timeMs[slot] = command.timeMs;
    sum.add(command.hashLow, command.hashHigh);
  }

  /** Whether a command with these words as its id is remembered. */
  has(key: Uint32Array): boolean {
    return this.#index.find(key) !== none;
  }

  /** Removes the oldest command, also from the state's hash. */
  forgetOldest(sum: HashSum): void {
    const slot = this.queue.removeOldest();
    this.#index.remove(slot);
    sum.subtract(this.#hashLow[slot]!, this.#hashHigh[slot]!);
  }

  /** The commands of now. The memory must be frozen until they are read. */
  image(): CommandImage {
    const range = this.queue.range();
    return { count: this.count, records: () => this.#records(range) };
  }

  *#records(range: { head: number; tail: number }): Generator<RememberedCommand> {
    for (const slot of this.queue.slots(range)) {
      yield {
        key: this.#index.words.slice(slot * 4, slot * 4 + 4),
        bodyLow: this.#bodyLow[slot]!,
        bodyHigh: this.#bodyHigh[slot]!,
        hashLow: this.#hashLow[slot]!,
        hashHigh: this.#hashHigh[slot]!,
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

  #grow(capacity: number): void {
    this.timeMs = grown(this.timeMs, capacity);
    this.#bodyLow = grown(this.#bodyLow, capacity);
    this.#bodyHigh = grown(this.#bodyHigh, capacity);
    this.#hashLow = grown(this.#hashLow, capacity);
    this.#hashHigh = grown(this.#hashHigh, capacity);
    this.#numbers = grown(this.#numbers, capacity * numberWords);
    this.#sequence = grown(this.#sequence, capacity);
    this.#value = grown(this.#value, capacity);
  }
}

function numbersOf(outcome: Outcome): number[] {
  const { reason, detailA, detailB, tradedLots, restingLots, revision, cancelledCount } = outcome;
  return [reason, detailA, detailB, tradedLots, restingLots, revision, cancelledCount];
}
