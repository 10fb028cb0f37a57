import type { Mutant } from './mutant.ts';

const stops = 'matching/stops.ts';
const trailing = 'matching/trailing-stops.ts';

/** Stops and trailing stops. */
export const stopFaults: readonly Mutant[] = [
  {
    fault: 'stops of one price enter in the order in which they came to it',
    file: stops,
    source: '  if (slots.length > 1) slots.sort((a, b) => priorityOf(words, a) - priorityOf(words, b));\n',
    replacement: '',
  },
  {
    fault: 'stops that one trade reaches enter last first',
    file: stops,
    source: '  for (const slot of slots) {',
    replacement: '  for (const slot of slots.reverse()) {',
  },
  {
    fault: 'a trade reaches the stops of one price only',
    file: stops,
    source: 'while (buyStops.bestKey !== none',
    replacement: 'if (buyStops.bestKey !== none',
  },
  {
    fault: 'a stop waits though the price is at its stop price when it arrives',
    file: stops,
    source: 'return side === Side.BUY ? price >= stop : price <= stop;',
    replacement: 'return side === Side.BUY ? price > stop : price < stop;',
  },
  {
    fault: 'stops of a cascade enter before the exits that grew first',
    file: 'matching/follow-ups.ts',
    source: 'while (activateExits(state, book) || enterElected(state, book));',
    replacement: 'while (enterElected(state, book) || activateExits(state, book));',
  },
  {
    fault: 'an elected stop rests at its worst price',
    file: 'matching/follow-ups.ts',
    source: 'typeOf(flags) === OrderType.STOP_LIMIT ? timeInForceOf(flags) : TimeInForce.IOC',
    replacement: 'timeInForceOf(flags)',
  },
  {
    fault: 'an elected stop-limit FOK fills in part',
    file: 'matching/follow-ups.ts',
    source: 'if (timeInForce === TimeInForce.FOK && !fillsWhole(state, book, slot)) {',
    replacement: 'if (false) {',
  },
  {
    fault: 'a trailing stop moves back',
    file: 'matching/book.ts',
    source: 'new PriceLadder(side === Side.BUY)',
    replacement: 'new PriceLadder(side === Side.SELL)',
  },
  {
    fault: 'a trailing stop does not move any more after a halt',
    file: stops,
    source: 'if (typeOf(orders.words[slot + flagsOffset]!) === OrderType.TRAILING_STOP) {',
    replacement: 'if (false) {',
  },
  {
    fault: 'a trailing stop waits at the price that its trail had when it arrived',
    file: trailing,
    source: 'if (stop !== extras.words[extra + stopOffset]) {',
    replacement: 'if (stop === 0) {',
  },
  {
    fault: 'the stop price of a trailing sell is rounded up',
    file: trailing,
    source: 'Math.floor((watermark * (10_000 - bps)) / 10_000)',
    replacement: 'Math.ceil((watermark * (10_000 - bps)) / 10_000)',
  },
];
