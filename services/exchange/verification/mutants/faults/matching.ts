import type { Mutant } from './mutant.ts';

const file = 'matching/matching.ts';

/** Continuous matching. */
export const matchingFaults: readonly Mutant[] = [
  {
    fault: "a trade is at the taker's price",
    file,
    source: 'traded += trade(state, book, maker, taker, price);',
    replacement: 'traded += trade(state, book, maker, taker, orders.words[taker + priceOffset]!);',
  },
  {
    fault: 'an order does not trade at its own limit',
    file,
    source: 'while (opposite.bestKey >= limit) {',
    replacement: 'while (opposite.bestKey > limit) {',
  },
  {
    fault: 'a partly filled maker goes behind the others',
    file,
    source: 'else if (words[maker + shownOffset] === 0) refresh(state, book, maker);',
    replacement: 'else refresh(state, book, maker);',
  },
  {
    fault: 'an iceberg keeps its priority when it shows a new slice',
    file,
    source: `  leaveQueue(state, slot);
  words[slot + shownOffset] = shownOf(state, slot);
  setPriority(words, slot, ++state.priorities);
  joinLadder(state, book, queue as 0 | 1, words[slot + priceOffset]!, slot);`,
    replacement: '  setShown(state, slot, shownOf(state, slot));',
  },
  {
    fault: 'an iceberg shows all its lots after its first slice',
    file,
    source: 'words[slot + shownOffset] = shownOf(state, slot);',
    replacement: 'words[slot + shownOffset] = words[slot + openOffset]!;',
  },
  {
    fault: 'hidden lots trade before those that are shown behind them',
    file,
    source: 'const lots = Math.min(words[maker + shownOffset]!, words[taker + openOffset]!);',
    replacement: 'const lots = Math.min(words[maker + openOffset]!, words[taker + openOffset]!);',
  },
  {
    fault: "a taker's list hears of a trade before its maker's",
    file,
    source: `  if (words[maker + extraOffset] !== none) listTraded(state, maker, lots);
  if (words[taker + extraOffset] !== none) listTraded(state, taker, lots);`,
    replacement: `  if (words[taker + extraOffset] !== none) listTraded(state, taker, lots);
  if (words[maker + extraOffset] !== none) listTraded(state, maker, lots);`,
  },
  {
    fault: 'the breaker trips at the end of its range',
    file,
    source: 'if (price < book.breakerLow || price > book.breakerHigh) {',
    replacement: 'if (price <= book.breakerLow || price >= book.breakerHigh) {',
  },
  {
    fault: 'the band is a tick too wide',
    file: 'matching/book.ts',
    source: 'Math.floor((price * (bpsWhole + bps)) / bpsWhole)',
    replacement: 'Math.ceil((price * (bpsWhole + bps)) / bpsWhole)',
  },
  {
    fault: 'elected stops enter though the breaker halted the book',
    file,
    source: `StateCause.BREAKER);
  requeueElected(state, book);`,
    replacement: 'StateCause.BREAKER);',
  },
  {
    fault: 'the band stays around the first trade',
    file,
    source: '  book.lastPrice = price;',
    replacement: '  if (book.lastPrice === 0) book.lastPrice = price;',
  },
];
