import { NONE, OrderStatus } from './codes.ts';
import { grown } from './columns.ts';
import { UuidIndex } from './uuid-index.ts';

const capacityFirst = 1_024;

/**
 * Every order the engine knows, live or remembered, one slot each, one column a property. A slot is freed only at the end of a
 * group, when its order has been final for the retention time.
 */
export class OrderTable {
  index = new UuidIndex();
  status = new Uint8Array(capacityFirst);
  side = new Uint8Array(capacityFirst);
  timeInForce = new Uint8Array(capacityFirst);
  selfTrade = new Uint8Array(capacityFirst);
  postOnly = new Uint8Array(capacityFirst);
  /** Handles of the owner and of the self-trade group, and the number of the book. */
  account = new Int32Array(capacityFirst);
  group = new Int32Array(capacityFirst);
  book = new Int32Array(capacityFirst);
  /** Terms now, and as they were submitted. */
  price = new Int32Array(capacityFirst);
  quantity = new Int32Array(capacityFirst);
  remaining = new Int32Array(capacityFirst);
  submittedPrice = new Int32Array(capacityFirst);
  submittedQuantity = new Int32Array(capacityFirst);
  revision = new Int32Array(capacityFirst);
  /** Level the order rests in, and its neighbours there; `next` also links the final orders and the free slots. */
  level = new Int32Array(capacityFirst);
  next = new Int32Array(capacityFirst);
  previous = new Int32Array(capacityFirst);
  /** Sequence that gave the order its place in the queue; of the last event once it is final. */
  stamp = new Float64Array(capacityFirst);
  finalTimeMs = new Float64Array(capacityFirst);
  /** The answer to the submit, repeated when it is sent again. */
  answerReason = new Uint16Array(capacityFirst);
  answerDetailA = new Int32Array(capacityFirst);
  answerDetailB = new Int32Array(capacityFirst);
  answerTraded = new Int32Array(capacityFirst);
  answerResting = new Int32Array(capacityFirst);
  answerRevision = new Int32Array(capacityFirst);
  answerSequence = new Float64Array(capacityFirst);
  /** Lanes of the order's hash as last added to the state's, and whether it changed since. */
  hashLow = new Int32Array(capacityFirst);
  hashHigh = new Int32Array(capacityFirst);
  touched = new Uint8Array(capacityFirst);
  /** Slots that changed since the last hash. */
  touchedSlots = new Int32Array(capacityFirst);
  touchedCount = 0;
  /** Orders that are known, and the oldest and newest final one. */
  count = 0;
  finalHead: number = NONE;
  finalTail: number = NONE;
  #capacity = capacityFirst;
  #used = 0;
  #freeHead: number = NONE;

  /** Slots that ever held an order, the free ones among them included. */
  get used(): number {
    return this.#used;
  }

  /** Takes a slot for the UUID in `key`. */
  allocate(key: Uint32Array): number {
    let slot = this.#freeHead;
    if (slot === NONE) {
      slot = this.#used++;
      if (slot === this.#capacity) this.#grow(this.#capacity * 2);
    } else {
      this.#freeHead = this.next[slot]!;
    }
    this.index.insert(slot, key);
    this.count++;
    this.level[slot] = NONE;
    this.next[slot] = NONE;
    this.previous[slot] = NONE;
    this.touch(slot);
    return slot;
  }

  /** Notes that the order's hash is no longer right. */
  touch(slot: number): void {
    if (this.touched[slot] === 1) return;
    this.touched[slot] = 1;
    this.touchedSlots[this.touchedCount++] = slot;
  }

  /** Makes an order final and remembers it. */
  finish(slot: number, status: number, timeMs: number, sequence: number): void {
    this.status[slot] = status;
    this.finalTimeMs[slot] = timeMs;
    this.stamp[slot] = sequence;
    this.next[slot] = NONE;
    if (this.finalTail === NONE) this.finalHead = slot;
    else this.next[this.finalTail] = slot;
    this.finalTail = slot;
    this.touch(slot);
  }

  /** Forgets the order that has been final the longest and frees its slot. */
  forgetOldest(): void {
    const slot = this.finalHead;
    this.finalHead = this.next[slot]!;
    if (this.finalHead === NONE) this.finalTail = NONE;
    this.index.remove(slot);
    this.count--;
    this.status[slot] = OrderStatus.FREE;
    this.next[slot] = this.#freeHead;
    this.#freeHead = slot;
    this.touch(slot);
  }

  #grow(capacity: number): void {
    for (const name of columnNames) {
      const column = this[name];
      Object.assign(this, { [name]: grown(column, capacity) });
    }
    this.#capacity = capacity;
  }
}

const columnNames = [
  ...([
    'status',
    'side',
    'timeInForce',
    'selfTrade',
    'postOnly',
    'account',
    'group',
    'book',
    'price',
    'quantity',
  ] as const),
  ...(['remaining', 'submittedPrice', 'submittedQuantity', 'revision', 'level', 'next', 'previous', 'stamp'] as const),
  ...(['finalTimeMs', 'answerReason', 'answerDetailA', 'answerDetailB', 'answerTraded', 'answerResting'] as const),
  ...(['answerRevision', 'answerSequence', 'hashLow', 'hashHigh', 'touched', 'touchedSlots'] as const),
];
