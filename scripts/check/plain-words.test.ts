import { describe, expect, it } from 'vitest';
import { findPrivateWords } from './plain-words.ts';

const find = (text: string, path = 'services/order/saga/place.ts') => findPrivateWords([{ path, text }]);

describe('findPrivateWords', () => {
  it('finds words in identifiers, once each', () => {
    expect(find('const keptAnswer = 1;\nconst b = keptAnswer + tellTrade();')).toEqual([
      "services/order/saga/place.ts:1 keptAnswer has 'kept': stored, saved",
      "services/order/saga/place.ts:2 tellTrade has 'tell': notify, emit, report",
    ]);
  });

  it('finds words in comments of code and contracts, with their line', () => {
    expect(find('/**\n * It is told at once.\n */')).toEqual([
      "services/order/saga/place.ts:2 comment has 'told': say what it returns, emits or reports",
    ]);
    expect(find('// Nobody knows.\nmessage A {}', 'proto/outcry/order/v1/order.proto')).toHaveLength(1);
  });

  it('accepts names that come from a contract', () => {
    const proto = { path: 'proto/outcry/ledger/v1/ledger.proto', text: '  int64 orders_passing = 3;\n' };
    const code = { path: 'services/ledger/rpc/audit.ts', text: 'const { ordersPassing } = answer;' };
    expect(findPrivateWords([proto, code])).toEqual([]);
    expect(findPrivateWords([code])).toHaveLength(1);
  });

  it('accepts standard names, and words in texts', () => {
    expect(find("const keepAlive = 'nobody told me'; const retell = bookkeeping;")).toEqual([]);
  });
});
