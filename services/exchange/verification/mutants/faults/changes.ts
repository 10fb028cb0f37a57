import type { Mutant } from './mutant.ts';

const replace = 'matching/replace.ts';
const selfTrade = 'matching/self-trade.ts';

/** Replaces, cancels and self-trade prevention. */
export const changeFaults: readonly Mutant[] = [
  {
    fault: 'a replace by more lots retains its priority',
    file: replace,
    source: 'const retained = open <= words[slot + openOffset]! && retainsPriority(',
    replacement: 'const retained = retainsPriority(',
  },
  {
    fault: 'a replace by as many lots loses its priority',
    file: replace,
    source: 'const retained = open <= words[slot + openOffset]! &&',
    replacement: 'const retained = open < words[slot + openOffset]! &&',
  },
  {
    fault: 'a replace to another price retains its priority',
    file: replace,
    source: 'return change.price === words[slot + priceOffset];',
    replacement: 'return true;',
  },
  {
    fault: 'a replace forgets what traded already',
    file: replace,
    source: 'change.quantity - (words[slot + quantityOffset]! - words[slot + openOffset]!)',
    replacement: 'change.quantity',
  },
  {
    fault: 'a replace of an older revision is taken',
    file: replace,
    source: 'if (revision !== change.expectedRevision) {',
    replacement: 'if (revision < change.expectedRevision) {',
  },
  {
    fault: 'a replace names the quantity of an exit',
    file: replace,
    source: 'const exit = isExit(state, slot);',
    replacement: 'const exit = false;',
  },
  {
    fault: 'a new trail leaves the stop price as it was',
    file: replace,
    source: 'if (stopPrice !== none) state.extras',
    replacement: 'if (change.stopPrice !== 0) state.extras',
  },
  {
    fault: 'a new trail moves the stop price and retains its priority',
    file: replace,
    source: 'return stopPrice === none || stopPrice ===',
    replacement: 'return change.stopPrice === 0 || stopPrice ===',
  },
  {
    fault: 'a new trail is forgotten after the stop price has moved',
    file: replace,
    source: '  if (isNewTrail(change)) setTrail(state, words[slot + extraOffset]!, change);\n',
    replacement: '',
  },
  {
    fault: 'a new trail is taken by any waiting stop',
    file: replace,
    source: 'isNewTrail(change) && !(waits && !movable)',
    replacement: 'isNewTrail(change) && !waits',
  },
  {
    fault: 'an order that was given a new expiry expires at the old one',
    file: replace,
    source: '  extras.expireTimeMs[extra / extraWords] = expireTimeMs;\n',
    replacement: '',
  },
  {
    fault: 'an order that was given a new expiry never expires',
    file: replace,
    source: '  expiries.add(slot);\n',
    replacement: '',
  },
  {
    fault: 'an expiry of this moment is taken',
    file: replace,
    source: 'if (change.expireTimeMs <= state.nowMs)',
    replacement: 'if (change.expireTimeMs < state.nowMs)',
  },
  {
    fault: 'a replace with another expiry is a repetition',
    file: 'execute/replace.ts',
    source: 'return [...terms, stopPriceTicks, trailTicks, trailBps, expireTimeMs];',
    replacement: 'return [...terms, stopPriceTicks, trailTicks, trailBps, 1];',
  },
  {
    fault: "another account's order can be cancelled",
    file: 'state/find-order.ts',
    source: 'return names.names[records.account[key]!] === command.accountId ? key : none;',
    replacement: 'return names.find(command.accountId) === none ? none : key;',
  },
  {
    fault: 'a cancel of one side cancels both',
    file: 'matching/mass-cancel.ts',
    source: ' &&\n    (side === 0 || sideOf(words[slot + flagsOffset]!) === side);',
    replacement: ';',
  },
  {
    fault: 'a mass cancel takes waiting orders queue by queue',
    file: 'matching/mass-cancel.ts',
    source: '  waiting.sort((a, b) => priorityOf(words, a) - priorityOf(words, b));\n',
    replacement: '',
  },
  {
    fault: 'a decrement takes the lots twice',
    file: selfTrade,
    source: '  reduceOpen(state, slot, lots);',
    replacement: '  reduceOpen(state, slot, 2 * lots);',
  },
  {
    fault: 'a decrement leaves the total as it was',
    file: selfTrade,
    source: '  state.orders.words[slot + quantityOffset]! -= lots;\n',
    replacement: '',
  },
  {
    fault: 'cancel-oldest ends the arriving order too',
    file: selfTrade,
    source: 'if (mode !== SelfTrade.CANCEL_OLDEST) cancelLive(state, taker, takerKey);',
    replacement: 'cancelLive(state, taker, takerKey);',
  },
  {
    fault: 'two accounts of one group trade with each other',
    file: 'execute/submit.ts',
    source: 'names.retain(newOrder.account) : names.acquire(selfTradeGroup);',
    replacement: 'names.retain(newOrder.account) : names.retain(newOrder.account);',
  },
];
