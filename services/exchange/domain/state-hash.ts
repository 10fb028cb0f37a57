import type { Book } from './book.ts';
import { OrderStatus } from './codes.ts';
import type { EngineState } from './engine-state.ts';
import { Hasher } from './hasher.ts';

const hasher = new Hasher();

/**
 * The hash of all that decides what the engine does next: 16 hexadecimal digits, equal for equal states however they came about.
 * Costs time for the orders that changed since the last call, and for each book.
 */
export function stateHash(state: EngineState): string {
  addTouched(state);
  const books = new Hasher().reset();
  for (const book of state.books) addBook(books, book);
  const { orderHash, commandHash } = state;
  for (const { low, high } of [orderHash, commandHash]) books.word(low).word(high);
  books.long(state.nowMs).long(state.sequence).long(state.tradeCount).word(state.ruleVersion);
  return hex(books.high()) + hex(books.low());
}

function addTouched(state: EngineState): void {
  const { orders, orderHash } = state;
  for (let i = 0; i < orders.touchedCount; i++) {
    const slot = orders.touchedSlots[i]!;
    orders.touched[slot] = 0;
    orderHash.subtract(orders.hashLow[slot]!, orders.hashHigh[slot]!);
    if (orders.status[slot] === OrderStatus.FREE) {
      orders.hashLow[slot] = 0;
      orders.hashHigh[slot] = 0;
      continue;
    }
    hashOrder(state, slot);
    orders.hashLow[slot] = hasher.low();
    orders.hashHigh[slot] = hasher.high();
    orderHash.add(orders.hashLow[slot]!, orders.hashHigh[slot]!);
  }
  orders.touchedCount = 0;
}

function hashOrder({ orders, names, books }: EngineState, slot: number): void {
  const { words } = orders.index;
  const [account, group, book] = [orders.account[slot]!, orders.group[slot]!, books[orders.book[slot]!]!];
  hasher.reset();
  for (let i = slot * 4; i < slot * 4 + 4; i++) hasher.word(words[i]!);
  hasher.word(names.hashLow[account]!).word(names.hashHigh[account]!);
  hasher.word(names.hashLow[group]!).word(names.hashHigh[group]!);
  hasher.word(book.listingHashLow).word(book.listingHashHigh);
  hasher.word((orders.status[slot]! << 16) | (orders.side[slot]! << 8) | orders.timeInForce[slot]!);
  hasher.word((orders.selfTrade[slot]! << 8) | orders.postOnly[slot]!);
  hasher.word(orders.price[slot]!).word(orders.quantity[slot]!).word(orders.remaining[slot]!);
  hasher.word(orders.submittedPrice[slot]!).word(orders.submittedQuantity[slot]!).word(orders.revision[slot]!);
  hasher.word(orders.answerReason[slot]!).word(orders.answerDetailA[slot]!).word(orders.answerDetailB[slot]!);
  hasher.word(orders.answerTraded[slot]!).word(orders.answerResting[slot]!).word(orders.answerRevision[slot]!);
  hasher.long(orders.stamp[slot]!).long(orders.answerSequence[slot]!);
  if (orders.status[slot] !== OrderStatus.LIVE) hasher.long(orders.finalTimeMs[slot]!);
}

function addBook(hash: Hasher, book: Book): void {
  hash.word(book.listingHashLow).word(book.listingHashHigh).word(book.state).word(book.lastPrice);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
