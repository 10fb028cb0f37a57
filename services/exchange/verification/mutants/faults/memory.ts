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
    source: 'return commands.sameBody(known, body) ? commands.outcomeOf(known) : ineffective(Reason.KEY_REUSED);',
    replacement: 'return commands.outcomeOf(known);',
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
];
