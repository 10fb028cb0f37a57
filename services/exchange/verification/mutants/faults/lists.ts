import type { Mutant } from './mutant.ts';

const lists = 'matching/lists.ts';

/** Lists of orders. */
export const listFaults: readonly Mutant[] = [
  {
    fault: 'both legs of an OCO fill in one sweep',
    file: lists,
    source: '    reduce(state, words[list + otherExit(role)]!, lots);\n',
    replacement: '',
  },
  {
    fault: 'an exit loses no lots while its other fills in part',
    file: lists,
    source: '  reduceOpen(state, slot, lots);\n  words[slot + quantityOffset]! -= lots;',
    replacement: '',
  },
  {
    fault: 'an exit is cancelled when its other fills in part',
    file: lists,
    source: 'if (words[slot + openOffset]! <= lots) {',
    replacement: 'if (lots > 0) {',
  },
  {
    fault: 'the exits of a bracket are not limited to the fills of its entry',
    file: 'matching/submit-list.ts',
    source: '    words[exit + openOffset] = 0;\n    words[exit + quantityOffset] = 0;\n',
    replacement: '',
  },
  {
    fault: 'exits grow by the same fill twice',
    file: 'matching/follow-ups.ts',
    source: '  lists.words[list + pendingLotsOffset] = 0;\n',
    replacement: '',
  },
  {
    fault: 'the entry goes on when an exit traded',
    file: lists,
    source: '    cancelLinked(state, words[list + entryRole]!);\n    return;',
    replacement: '    return;',
  },
  {
    fault: 'exits stay when their entry ends without having traded',
    file: 'matching/finish.ts',
    source: 'lists.words[list + entryTradedOffset] === 0',
    replacement: 'lists.words[list + entryTradedOffset] === 1',
  },
  {
    fault: 'an exit stays when the other one is cancelled',
    file: 'matching/finish.ts',
    source: '  cancelLinked(state, first);\n',
    replacement: '',
  },
];
