import type { Mutant } from './mutant.ts';

const fillable = 'matching/fillable.ts';
const admission = 'matching/admission.ts';
const enter = 'matching/enter.ts';

/** FOK, minimum quantity, IOC and post-only. */
export const arrivalFaults: readonly Mutant[] = [
  {
    fault: 'a FOK sees the best level only',
    file: fillable,
    source: '    missing -= open;',
    replacement: '    return false;',
  },
  {
    fault: 'a FOK sees the first maker of each level only',
    file: fillable,
    source: 'maker = words[maker + nextOffset]!',
    replacement: 'maker = none',
  },
  {
    fault: 'a FOK does not count hidden lots',
    file: fillable,
    source: 'const free = lotsOf(state, maker);',
    replacement: 'const free = words[maker + shownOffset]!;',
  },
  {
    fault: 'a FOK counts past an order of its own group that ends it',
    file: fillable,
    source: 'incoming.selfTrade === SelfTrade.CANCEL_OLDEST && valueMax === 0;',
    replacement: 'incoming.selfTrade !== SelfTrade.CANCEL_NEWEST && valueMax === 0;',
  },
  {
    fault: 'a FOK counts the next slice of an iceberg though an own order stands before it',
    file: fillable,
    source: 'if (!skipsOwn) return shown >= wanted;',
    replacement: 'if (!skipsOwn) return open >= wanted;',
  },
  {
    fault: 'a FOK counts both exits of a list',
    file: fillable,
    source: 'return Math.max(0, open - words[other + openOffset]!);',
    replacement: 'return open;',
  },
  {
    fault: 'a FOK counts prices at which the breaker trips',
    file: fillable,
    source: 'if (price < breaker.low || price > breaker.high) return false;',
    replacement: '',
  },
  {
    fault: 'an IOC rests',
    file: enter,
    source: 'return timeInForce !== TimeInForce.IOC && timeInForce !== TimeInForce.FOK;',
    replacement: 'return timeInForce !== TimeInForce.FOK;',
  },
  {
    fault: 'an order trades while orders are collected',
    file: enter,
    source: 'if (book.state === TradingState.CONTINUOUS && isMarketable(',
    replacement: 'if (isMarketable(',
  },
  {
    fault: 'an at-close order enters at once',
    file: enter,
    source: 'timeInForce === TimeInForce.AT_CLOSE && book.state !== TradingState.CLOSING_AUCTION',
    replacement: 'timeInForce === TimeInForce.AT_CLOSE && book.state === TradingState.PRE_OPEN',
  },
  {
    fault: 'a post-only order takes at the best opposite price',
    file: admission,
    source: 'if (opposite.bestKey < opposite.keyOf(order.price)) return order.price;',
    replacement: 'if (opposite.bestKey <= opposite.keyOf(order.price)) return order.price;',
  },
  {
    fault: 'a post-only order slides out of the band',
    file: admission,
    source: 'price > quantityMax || book.outOfBand(price) ? none : price',
    replacement: 'price > quantityMax ? none : price',
  },
  {
    fault: 'an order within the band trades beyond it',
    file: admission,
    source: 'Math.min(price, book.bandHigh) : Math.max(price, book.bandLow)',
    replacement: 'price : price',
  },
  {
    fault: 'an order within the band is limited by its near edge',
    file: admission,
    source: 'Math.min(price, book.bandHigh) : Math.max(price, book.bandLow)',
    replacement: 'Math.min(price, book.bandLow) : Math.max(price, book.bandHigh)',
  },
  {
    fault: 'an order within the band is rejected short of it',
    file: admission,
    source: 'return !withinBand && book.outOfBand(price);',
    replacement: 'return book.outOfBand(price);',
  },
  {
    fault: 'a preview does not know that an order stays within the band',
    file: admission,
    source: 'if (!newOrder.withinBand) return;',
    replacement: 'if (newOrder.withinBand) return;',
  },
  {
    fault: 'a minimum quantity is asked of the whole order',
    file: admission,
    source: '!wouldFill(state, book, newOrder, newOrder.minimum)',
    replacement: '!wouldFill(state, book, newOrder, newOrder.quantity)',
  },
  {
    fault: "an order names another account's session",
    file: admission,
    source: 'if (session === undefined || session.account !== newOrder.account)',
    replacement: 'if (session === undefined)',
  },
];
