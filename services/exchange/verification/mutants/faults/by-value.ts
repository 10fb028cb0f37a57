import type { Mutant } from './mutant.ts';

const file = 'matching/enter-by-value.ts';
const fillable = 'matching/fillable.ts';

/** Orders by value. */
export const valueFaults: readonly Mutant[] = [
  {
    fault: 'an order by value trades for more than its value',
    file,
    source: 'left -= lots * price;',
    replacement: 'left -= lots;',
  },
  {
    fault: 'an order by value trades with its own group',
    file,
    source: 'if (words[maker + groupOffset] === words[taker + groupOffset]) {',
    replacement: 'if (words[maker + groupOffset] === -1) {',
  },
  {
    fault: 'an order by value trades past the breaker',
    file,
    source: 'if (price < book.breakerLow || price > book.breakerHigh) {',
    replacement: 'if (price === 0) {',
  },
  {
    fault: 'an order by value reaches no stop',
    file,
    source: '      onTradePrice(state, book, price);\n',
    replacement: '',
  },
  {
    fault: 'an order by value that is spent is cancelled',
    file,
    source: 'left < nextPrice(state, opposite, limit, price)',
    replacement: 'left < 0',
  },
  {
    fault: 'an order by value is not spent though its next price is too high',
    file,
    source: 'return opposite.bestKey >= limit ?',
    replacement: 'return opposite.bestKey < 0 ?',
  },
  {
    fault: 'an order by value is spent by a price beyond its limit',
    file,
    source: 'return opposite.bestKey >= limit ?',
    replacement: 'return opposite.bestKey >= 0 ?',
  },
  {
    fault: 'the last trade of an order by value leaves lots open',
    file,
    source: '  state.events.words[event * eventWords + 8] = 0;\n',
    replacement: '',
  },
  {
    fault: 'an order by value trades beyond its lots',
    file,
    source: 'words[maker + shownOffset]!, words[taker + openOffset]!, most',
    replacement: 'words[maker + shownOffset]!, words[maker + openOffset]!, most',
  },
  {
    fault: 'a FOK by value is whole before it counted a lot',
    file: fillable,
    source: 'if (wanted === 0) return missing < lots;',
    replacement: 'if (wanted === 0) return true;',
  },
  {
    fault: 'a FOK by value is never whole by its next price',
    file: fillable,
    source: 'if (wanted === 0) return missing < lots;',
    replacement: 'if (wanted === 0) return false;',
  },
  {
    fault: 'a FOK by value spends its value at each price anew',
    file: fillable,
    source: '    value -= open * price;\n',
    replacement: '',
  },
  {
    fault: 'a FOK by value counts past its own orders',
    file: fillable,
    source: 'SelfTrade.CANCEL_OLDEST && valueMax === 0;',
    replacement: 'SelfTrade.CANCEL_OLDEST;',
  },
  {
    fault: 'a FOK is counted by its lots though it has a value',
    file: 'matching/admission.ts',
    source: '  incoming.valueMax = newOrder.valueMax;\n',
    replacement: '',
  },
  {
    fault: 'an order with another value is a repetition',
    file: 'execute/submit.ts',
    source: '  if (valueMax !== 0) hasher.long(valueMax);\n',
    replacement: '',
  },
];
