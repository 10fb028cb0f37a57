import type { Book } from '../matching/book.ts';
import {
  acceptanceHighOffset,
  acceptanceLowOffset,
  displayOffset,
  extraWords,
  listOffset,
  roleOffset,
  sessionOffset,
  stopOffset,
  trailBpsOffset,
  trailTicksOffset,
  watermarkOffset,
} from '../matching/extra-table.ts';
import { entryTradedOffset, idHighOffset, idLowOffset } from '../matching/list-table.ts';
import {
  extraOffset,
  flagsOffset,
  openOffset,
  priceOffset,
  priorityHighOffset,
  priorityLowOffset,
  quantityOffset,
  revisionOffset,
  shownOffset,
  touchedBit,
} from '../matching/order-table.ts';
import { queueOfOrder } from '../matching/queues.ts';
import type { OpenSession } from '../matching/session-table.ts';
import { none, OrderStatus } from '../model/codes.ts';
import { highWord } from '../model/columns.ts';
import { Hasher } from '../model/hasher.ts';
import type { EngineState } from './engine-state.ts';

const hasher = new Hasher();
/** The words of one record; longer than any. */
const scratch = new Int32Array(64);
const liveWords = [
  priceOffset,
  openOffset,
  shownOffset,
  quantityOffset,
  revisionOffset,
  priorityLowOffset,
  priorityHighOffset,
] as const;
const extraTerms = [
  stopOffset,
  trailTicksOffset,
  trailBpsOffset,
  watermarkOffset,
  displayOffset,
  roleOffset,
  acceptanceLowOffset,
  acceptanceHighOffset,
  sessionOffset,
] as const;
const getTerms = [idLowOffset, idHighOffset, entryTradedOffset] as const;

/**
 * The hash of everything that determines the engine's further behaviour: 16 hexadecimal digits, equal for equal states whatever their
 * history. Its cost grows with the orders that changed since the last call and with the number of books.
 */
export function stateHash(state: EngineState): string {
  hashTouched(state);
  const { matching, orderHash, commandHash, sessionHash } = state;
  const { sessions, priorities, acceptances } = matching.state;
  const hash = new Hasher().reset();
  for (const book of state.books) addBook(hash, book, state.checksums[book.number]!);
  for (const { low, high } of [orderHash, commandHash, sessionHash]) hash.word(low).word(high);
  hash.long(state.nowMs).long(state.sequence).long(state.tradeCount).word(state.ruleVersion);
  hash.long(priorities).long(acceptances).long(sessions.began);
  if (state.closedIdTimeMs !== 0) hash.long(state.closedIdTimeMs);
  return hex(hash.high()) + hex(hash.low());
}

/** Updates the sum over all sessions for one that was opened or renewed. */
export function hashSession({ names, sessionHash }: EngineState, session: OpenSession): void {
  sessionHash.subtract(session.hashLow, session.hashHigh);
  hasher.reset().id(session.name).word(names.hashLow[session.account]!);
  hasher.long(session.endTimeMs).long(session.handle);
  session.hashLow = hasher.low();
  session.hashHigh = hasher.high();
  sessionHash.add(session.hashLow, session.hashHigh);
}

/** Updates the sum over all orders for the records that were touched. */
export function hashTouched(state: EngineState): void {
  const { orders } = state.matching.state;
  const { records } = state;
  for (let i = 0; i < orders.touchedCount; i++) records.touch(orders.touched[i]!);
  orders.clearTouched();
  for (let i = 0; i < records.touchedCount; i++) {
    const key = records.touched[i]!;
    // It was forgotten meanwhile, with its hash.
    if (records.isTouched[key] === 0) continue;
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
  let count = writeRecord(state, key);
  const slot = records.status[key] === OrderStatus.LIVE ? state.matching.state.orders.find(key) : none;
  if (slot !== none) count = writeLive(state, slot, count);
  hasher.reset().words(scratch, count);
  records.hashLow[key] = hasher.low();
  records.hashHigh[key] = hasher.high();
  orderHash.add(records.hashLow[key]!, records.hashHigh[key]!);
}

/** Writes a record into the scratch; returns the number of words. */
function writeRecord({ records }: EngineState, key: number): number {
  const { uuids, answers, answerSequence, finalSequence, finalTimeMs } = records;
  let at = 0;
  for (let i = key * 4; i < key * 4 + 4; i++) scratch[at++] = uuids[i]!;
  scratch[at++] = records.bodyLow[key]!;
  scratch[at++] = records.bodyHigh[key]!;
  scratch[at++] = records.status[key]! | (records.book[key]! << 8);
  for (let i = key * 6; i < key * 6 + 6; i++) scratch[at++] = answers[i]!;
  at = writeLong(at, answerSequence[key]!);
  scratch[at++] = records.revision[key]!;
  if (records.status[key] === OrderStatus.LIVE) return at;
  return writeLong(writeLong(at, finalSequence[key]!), finalTimeMs[key]!);
}

/** Appends a live order to the scratch; returns the number of words. */
function writeLive({ matching }: EngineState, slot: number, from: number): number {
  const { words } = matching.state.orders;
  let at = from;
  for (const word of liveWords) scratch[at++] = words[slot + word]!;
  scratch[at++] = words[slot + flagsOffset]! & ~touchedBit;
  const extra = words[slot + extraOffset]!;
  if (extra === none) return at;
  const { extras, lists } = matching.state;
  for (const term of extraTerms) scratch[at++] = extras.words[extra + term]!;
  at = writeLong(at, extras.expireTimeMs[extra / extraWords]!);
  scratch[at++] = queueOfOrder(matching.state, slot);
  const list = extras.words[extra + listOffset]!;
  if (list === none) return at;
  for (const word of getTerms) scratch[at++] = lists.words[list + word]!;
  return at;
}

function writeLong(at: number, value: number): number {
  scratch[at] = value | 0;
  scratch[at + 1] = highWord(value);
  return at + 2;
}

function addBook(hash: Hasher, book: Book, checksum: number): void {
  hash.word(book.listingHashLow).word(book.listingHashHigh).word(book.state).word(book.lastPrice);
  hash.word(book.listingReference).word(book.breakerReference).long(book.timerTimeMs).word(checksum);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
