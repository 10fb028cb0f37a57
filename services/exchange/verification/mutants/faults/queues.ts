import type { Mutant } from './mutant.ts';

/** Levels, queues and their public events. */
export const queueFaults: readonly Mutant[] = [
  {
    fault: 'the best price stays after the last order of its level is gone',
    file: 'matching/price-ladder.ts',
    source: 'this.bestKey = this.below(key);',
    replacement: 'this.bestKey = this.count === 0 ? none : key;',
  },
  {
    fault: 'the best price skips the next level when it is a certain tick away',
    file: 'matching/price-ladder.ts',
    source: 'const high = digit > 32 ?',
    replacement: 'const high = digit > 33 ?',
  },
  {
    fault: 'orders are lost behind one that leaves the middle of a queue',
    file: 'matching/queues.ts',
    source: 'if (next === none) queues[level + tailOffset] = previous;',
    replacement: 'if (next === none || previous !== none) queues[level + tailOffset] = previous;',
  },
  {
    fault: 'a cancelled order is still within reach',
    file: 'matching/finish.ts',
    source: 'if (words[slot + levelOffset] !== none) leaveQueue(state, slot);',
    replacement:
      'if (words[slot + levelOffset] !== none && words[slot + extraOffset] === none) leaveQueue(state, slot);',
  },
  {
    fault: 'a dead order is still found by its id',
    file: 'matching/order-table.ts',
    source: '    this.#slots[this.words[slot + keyOffset]!] = 0;\n',
    replacement: '',
  },
  {
    fault: 'the lots of a level do not follow what its orders show',
    file: 'matching/queues.ts',
    source: '  state.levels.addLots(level, lots - words[slot + shownOffset]!);\n',
    replacement: '',
  },
  {
    fault: 'a partial fill emits no change of its level',
    file: 'matching/level-changes.ts',
    source: 'if (lots === lotsBefore && orders === ordersBefore) return;',
    replacement: 'if (lots === lotsBefore || orders === ordersBefore) return;',
  },
  {
    fault: 'an unchanged level is emitted as changed',
    file: 'matching/level-changes.ts',
    source: 'if (lots === lotsBefore && orders === ordersBefore) return;',
    replacement: '',
  },
  {
    fault: 'the changes of asks are emitted in the order of bids',
    file: 'matching/level-changes.ts',
    source: 'return (owner & 1) + 1 === Side.BUY ? price > otherPrice : price < otherPrice;',
    replacement: 'return price > otherPrice;',
  },
  {
    fault: 'the checksum of a book does not move',
    file: 'state/apply-events.ts',
    source: '  state.checksums[book] = checksum;\n',
    replacement: '',
  },
  {
    fault: 'the checksum of a book keeps what a level was',
    file: 'state/apply-events.ts',
    source: '(state.checksums[book]! - before + after)',
    replacement: '(state.checksums[book]! + after)',
  },
];
