import type { Mutant } from './mutant.ts';

/** Ids and idempotency records. */
export const memoryFaults: readonly Mutant[] = [
  {
    fault: 'an order id is taken twice while its order is live',
    file: 'execute/submit.ts',
    source: 'if (known !== none) return repeat(',
    replacement: 'if (known !== none && state.records.status[known] !== OrderStatus.LIVE) return repeat(',
  },
  {
    fault: 'an order id answers for another quantity',
    file: 'execute/submit.ts',
    source: '.word(command.quantityLots);',
    replacement: ';',
  },
  {
    fault: 'a command id answers for another body',
    file: 'state/run-idempotent.ts',
    source: 'return memory.sameBody(known, body) ? memory.outcomeOf(known) : ineffective(Reason.KEY_REUSED);',
    replacement: 'return memory.outcomeOf(known);',
  },
  {
    fault: 'an id is forgotten after ten minutes less than a day',
    file: 'state/engine-state.ts',
    source: 'const oldestMs = state.nowMs - retentionMs - idClockSkewMaxMs;',
    replacement: 'const oldestMs = state.nowMs - retentionMs + idClockSkewMaxMs;',
  },
  {
    fault: 'an id whose own time is ahead is forgotten while it may still come again',
    file: 'state/engine-state.ts',
    source: 'const oldestMs = state.nowMs - retentionMs - idClockSkewMaxMs;',
    replacement: 'const oldestMs = state.nowMs - retentionMs;',
  },
  {
    fault: 'a void ends an order that traded whole',
    file: 'execute/void.ts',
    source: 'if (status === OrderStatus.FILLED) return',
    replacement: 'if (status === OrderStatus.REJECTED) return',
  },
  {
    fault: 'an order of an unknown symbol leaves no trace',
    file: 'execute/submit.ts',
    source: 'if (!journalsRefusals(state) || refusal === Reason.ORDER_ID_EXPIRED) return',
    replacement: 'if (bookNumber === none || refusal === Reason.ORDER_ID_EXPIRED) return',
  },
  {
    fault: 'an expired id gets a second outcome',
    file: 'execute/submit.ts',
    source: 'if (!journalsRefusals(state) || refusal === Reason.ORDER_ID_EXPIRED) return',
    replacement: 'if (!journalsRefusals(state)) return',
  },
  {
    fault: 'an order of an unknown symbol is another one once the symbol is listed',
    file: 'execute/submit.ts',
    source: '(isBookless || records.book[key] === bookNumber)',
    replacement: '(records.book[key] === bookNumber)',
  },
  {
    fault: 'an order of an unknown symbol answers for one of another unknown symbol',
    file: 'execute/submit.ts',
    source: 'if (book === none) hasher.text(command.symbol);',
    replacement: '',
  },
  {
    fault: 'what was refused by a full memory is taken when it comes again',
    file: 'execute/submit.ts',
    source: 'state.closedIdTimeMs = Math.max(state.closedIdTimeMs, idTimeMs);',
    replacement: '',
  },
  {
    fault: 'a void of an unknown symbol leaves no mark',
    file: 'execute/void.ts',
    source: 'if (bookNumber === none && !journalsRefusals(state)) return',
    replacement: 'if (bookNumber === none) return',
  },
  {
    fault: 'a void of an id from the future leaves no mark',
    file: 'execute/void.ts',
    source: 'if (!journalsRefusals(state))\n',
    replacement: 'if (!journalsRefusals(state) || refusal === Reason.INVALID_FIELD)\n',
  },
  {
    fault: 'a void has no room in a full memory',
    file: 'execute/void.ts',
    source: 'state.closedIdTimeMs = idTimeMs;',
    replacement: 'if (bookNumber !== none) return ineffective(Reason.BOOK_FULL);',
  },
  {
    fault: 'a void from the future closes a full shard',
    file: 'execute/void.ts',
    source: 'if (refusal === Reason.INVALID_FIELD) return',
    replacement: 'if (refusal === Reason.KEY_REUSED) return',
  },
  {
    fault: 'an id from the future is forgotten while it may still come again',
    file: 'state/engine-state.ts',
    source: '>= state.nowMs - retentionMs) renewOldestOrder(state);',
    replacement: '>= state.nowMs) renewOldestOrder(state);',
  },
  {
    fault: 'a key of an operator is forgotten after a day',
    file: 'state/run-idempotent.ts',
    source: 'const memory = isOperators && state.ruleVersion >= 4',
    replacement: 'const memory = isOperators && state.ruleVersion < 4',
  },
  {
    fault: 'commands have no bound',
    file: 'state/engine-state.ts',
    source: 'isBounded ? limits.commandsMax : rememberedMax',
    replacement: 'rememberedMax',
  },
];
