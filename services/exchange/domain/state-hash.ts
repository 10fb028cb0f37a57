import { NONE, OrderStatus } from './codes.ts';
import type { EngineState } from './engine-state.ts';
import { Hasher } from './hasher.ts';
import type { Book } from './matching/book.ts';
import {
  ACCEPT_HIGH,
  ACCEPT_LOW,
  DISPLAY,
  extraWords,
  LIST,
  ROLE,
  SESSION,
  STOP,
  TRAIL_BPS,
  TRAIL_TICKS,
  WATERMARK,
} from './matching/extra-table.ts';
import { ENTRY_TRADED, ID_HIGH, ID_LOW } from './matching/list-table.ts';
import {
  EXTRA,
  FLAGS,
  OPEN,
  PLACE_HIGH,
  PLACE_LOW,
  PRICE,
  QUANTITY,
  REVISION,
  SHOWN,
  TOUCHED,
} from './matching/order-table.ts';
import { queueOfOrder } from './matching/queues.ts';

const hasher = new Hasher();

/**
 * The hash of all that decides what the engine does next: 16 hexadecimal digits, equal for equal states however they came about.
 * Costs time for the orders that changed since the last call, and for each book and session.
 */
export function stateHash(state: EngineState): string {
  hashTouched(state);
  const { matching, orderHash, commandHash, names } = state;
  const { sessions, places, acceptances } = matching.state;
  const hash = new Hasher().reset();
  for (const book of state.books) addBook(hash, book, state.checksums[book.number]!);
  for (const { low, high } of [orderHash, commandHash]) hash.word(low).word(high);
  for (const { name, account, endTimeMs, handle } of sessions.byName.values()) {
    hash.text(name).word(names.hashLow[account]!).long(endTimeMs).long(handle);
  }
  hash.long(state.nowMs).long(state.sequence).long(state.tradeCount).word(state.ruleVersion);
  hash.long(places).long(acceptances).long(sessions.began);
  return hex(hash.high()) + hex(hash.low());
}

/** Brings the sum over all orders up to date with the records that were touched. */
export function hashTouched(state: EngineState): void {
  const { orders } = state.matching.state;
  const { records } = state;
  for (let i = 0; i < orders.touchedCount; i++) records.touch(orders.touched[i]!);
  orders.clearTouched();
  for (let i = 0; i < records.touchedCount; i++) {
    const key = records.touched[i]!;
    records.isTouched[key] = 0;
    hashRecord(state, key);
  }
  records.touchedCount = 0;
}

function hashRecord(state: EngineState, key: number): void {
  const { records, orderHash } = state;
  orderHash.subtract(records.hashLow[key]!, records.hashHigh[key]!);
  if (records.status[key] === OrderStatus.FREE) {
    records.hashLow[key] = 0;
    records.hashHigh[key] = 0;
    return;
  }
  mixRecord(state, key);
  const slot = records.status[key] === OrderStatus.LIVE ? state.matching.state.orders.find(key) : NONE;
  if (slot !== NONE) mixLive(state, slot);
  records.hashLow[key] = hasher.low();
  records.hashHigh[key] = hasher.high();
  orderHash.add(records.hashLow[key]!, records.hashHigh[key]!);
}

function mixRecord({ records }: EngineState, key: number): void {
  const { uuids, answers } = records;
  hasher.reset();
  for (let i = key * 4; i < key * 4 + 4; i++) hasher.word(uuids[i]!);
  hasher.word(records.bodyLow[key]!).word(records.bodyHigh[key]!);
  hasher.word(records.status[key]! | (records.book[key]! << 8));
  for (let i = key * 6; i < key * 6 + 6; i++) hasher.word(answers[i]!);
  hasher.long(records.answerSequence[key]!).word(records.revision[key]!);
  if (records.status[key] !== OrderStatus.LIVE) {
    hasher.long(records.finalSequence[key]!).long(records.finalTimeMs[key]!);
  }
}

function mixLive({ matching }: EngineState, slot: number): void {
  const { words } = matching.state.orders;
  hasher
    .word(words[slot + PRICE]!)
    .word(words[slot + OPEN]!)
    .word(words[slot + SHOWN]!);
  hasher
    .word(words[slot + QUANTITY]!)
    .word(words[slot + REVISION]!)
    .word(words[slot + FLAGS]! & ~TOUCHED);
  hasher.word(words[slot + PLACE_LOW]!).word(words[slot + PLACE_HIGH]!);
  const extra = words[slot + EXTRA]!;
  if (extra === NONE) return;
  const { extras, lists } = matching.state;
  for (const term of [STOP, TRAIL_TICKS, TRAIL_BPS, WATERMARK, DISPLAY, ROLE, ACCEPT_LOW, ACCEPT_HIGH, SESSION]) {
    hasher.word(extras.words[extra + term]!);
  }
  hasher.long(extras.expireTimeMs[extra / extraWords]!).word(queueOfOrder(matching.state, slot));
  const list = extras.words[extra + LIST]!;
  if (list === NONE) return;
  for (const word of [ID_LOW, ID_HIGH, ENTRY_TRADED]) hasher.word(lists.words[list + word]!);
}

function addBook(hash: Hasher, book: Book, checksum: number): void {
  hash.word(book.listingHashLow).word(book.listingHashHigh).word(book.state).word(book.lastPrice);
  hash.word(book.listingReference).word(book.breakerReference).long(book.timerTimeMs).word(checksum);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
