import type { Mutant } from './mutant.ts';

const answer = 'matching/answer.ts';

/** Numbers of answers. */
export const answerFaults: readonly Mutant[] = [
  {
    fault: 'an order that what followed filled is answered as open',
    file: 'matching/submit.ts',
    source: 'if (followUp(state, book)) countLots(state, firstEvent, [newOrder.key]);',
    replacement: 'followUp(state, book);',
  },
  {
    fault: 'a replaced order that what followed filled is answered as open',
    file: 'matching/replace.ts',
    source: 'if (followUp(state, book)) countLots(state, firstEvent, [key]);',
    replacement: 'followUp(state, book);',
  },
  {
    fault: 'an exit that its other took lots from is answered with what it had before',
    file: 'matching/submit-list.ts',
    source: '  countLots(\n    state,\n    firstEvent,\n    newOrders.map(({ key }) => key),\n  );\n',
    replacement: '',
  },
  {
    fault: 'an answer counts the trades of others',
    file: answer,
    source: 'if (keys.includes(words[at + 4]!))',
    replacement: 'if (keys.length > 0)',
  },
  {
    fault: 'an answer leaves out what an order traded while it rested',
    file: answer,
    source: '    if (keys.includes(words[at + 3]!)) traded += words[at + 6]!;\n',
    replacement: '',
  },
  {
    fault: 'an answer leaves out the last order of a list',
    file: answer,
    source: 'for (const key of keys) {',
    replacement: 'for (const key of keys.slice(0, 2)) {',
  },
  {
    fault: 'an answer names the event before its last one',
    file: 'execute/submit.ts',
    source: 'const result = outcome(state.sequence, reason,',
    replacement: 'const result = outcome(state.sequence - 1, reason,',
  },
  {
    fault: 'an answer names the revision before the replace',
    file: 'execute/replace.ts',
    source: '    applyEvents(state);\n',
    replacement: '',
  },
  {
    fault: 'a repeat says that what traded is open',
    file: 'state/order-records.ts',
    source: 'answers[at + 4] = outcome.restingLots;',
    replacement: 'answers[at + 4] = outcome.tradedLots;',
  },
  {
    fault: 'a repeat of a replace says that what traded is open',
    file: 'state/command-memory.ts',
    source: 'return [reason, detailA, detailB, tradedLots, restingLots,',
    replacement: 'return [reason, detailA, detailB, tradedLots, tradedLots,',
  },
  {
    fault: 'the value of an answer leaves out what an order traded while it rested',
    file: answer,
    source: 'if (!keys.includes(words[at + 3]!) && !keys.includes(words[at + 4]!)) continue;',
    replacement: 'if (!keys.includes(words[at + 4]!)) continue;',
  },
  {
    fault: 'a repeat does not know the value of what traded',
    file: 'state/order-records.ts',
    source: '    this.answerValue[key] = outcome.tradedValue;\n',
    replacement: '',
  },
  {
    fault: 'a repeat names a later time',
    file: 'execute/submit.ts',
    source: 'timeMs: records.answerTimeMs[key]! };',
    replacement: 'timeMs: records.answerTimeMs[key]! + 1 };',
  },
];
