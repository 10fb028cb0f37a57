import type { Mutant } from './mutant.ts';

const auction = 'matching/auction.ts';
const states = 'matching/trading-state.ts';
const time = 'matching/time.ts';

/** Auctions, trading states, time and splits. */
export const sessionFaults: readonly Mutant[] = [
  {
    fault: 'an auction does not look for the greatest volume',
    file: auction,
    source: 'if (a.lots !== b.lots) return a.lots > b.lots;',
    replacement: 'if (b.lots < 0) return true;',
  },
  {
    fault: 'an auction takes the greatest imbalance',
    file: auction,
    source: 'return a.imbalance < b.imbalance;',
    replacement: 'return a.imbalance > b.imbalance;',
  },
  {
    fault: 'an auction does not look at the reference',
    file: auction,
    source: 'return Math.min(Math.max(reference, low), high);',
    replacement: 'return low;',
  },
  {
    fault: 'a book is crossed after an auction with self-trade prevention',
    file: auction,
    source: 'while (isCrossed(state, book)) {',
    replacement: 'if (isCrossed(state, book)) {',
  },
  {
    fault: 'the bid is the maker of each trade of an auction',
    file: auction,
    source: 'const bidFirst = priorityOf(orders.words, bid) < priorityOf(orders.words, ask);',
    replacement: 'const bidFirst = bid >= 0;',
  },
  {
    fault: 'a DAY order survives the close',
    file: states,
    source: 'timeInForce === TimeInForce.DAY || timeInForce >= TimeInForce.AT_OPEN',
    replacement: 'timeInForce >= TimeInForce.AT_OPEN',
  },
  {
    fault: 'an at-open order survives the opening',
    file: states,
    source: '  expire(state, book, (timeInForce) => timeInForce === TimeInForce.AT_OPEN);\n',
    replacement: '',
  },
  {
    fault: 'the breaker measures from before the auction',
    file: states,
    source: '  book.setBreaker(book.reference);\n',
    replacement: '',
  },
  {
    fault: "the breaker's auction is counted from a late time command",
    file: states,
    source: 'book.timerTimeMs = dueMs + book.listing.breakerAuctionMs;',
    replacement: 'book.timerTimeMs = state.nowMs + book.listing.breakerAuctionMs;',
  },
  {
    fault: "an operator's change of state leaves the breaker's timer running",
    file: states,
    source: '  book.timerTimeMs = 0;',
    replacement: '  if (cause === StateCause.TIMER) book.timerTimeMs = 0;',
  },
  {
    fault: 'a GTD order trades after its time',
    file: time,
    source: 'while (expiries.dueMs <= nowMs)',
    replacement: 'while (expiries.dueMs < nowMs)',
  },
  {
    fault: 'the due time of a GTD order is not reported',
    file: time,
    source: 'let due = Math.min(sessions.dueMs, expiries.dueMs);',
    replacement: 'let due = sessions.dueMs;',
  },
  {
    fault: 'an order that expires later is cancelled before one that expires sooner',
    file: 'matching/expiry-heap.ts',
    source: '    this.#rise(this.#extras.words[this.#extraOf(last) + heapIndexOffset]!, last);\n',
    replacement: '',
  },
  {
    fault: 'the end of a session misses the newest order',
    file: time,
    source: 'slot < orders.used; slot += orderWords',
    replacement: 'slot < orders.used - orderWords; slot += orderWords',
  },
  {
    fault: 'the end of a session cancels its orders in no order',
    file: time,
    source: '  found.sort((a, b) => a.accepted - b.accepted);\n',
    replacement: '',
  },
  {
    fault: 'a split rounds so that the book crosses',
    file: 'matching/split.ts',
    source: 'isBuy ? less(words[slot + priceOffset]!, ratio) : lessUp(words[slot + priceOffset]!, ratio)',
    replacement: 'isBuy ? lessUp(words[slot + priceOffset]!, ratio) : less(words[slot + priceOffset]!, ratio)',
  },
  {
    fault: 'a split rounds open and traded lots together',
    file: 'matching/split.ts',
    source: '  const open = more(words[slot + openOffset]!, ratio);',
    replacement: '  const open = more(words[slot + quantityOffset]!, ratio) - traded;',
  },
];
