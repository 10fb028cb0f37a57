import { describe, expect, it } from 'vitest';
import { parseShardMap } from './shard-map.ts';

describe('parseShardMap', () => {
  it('finds the shard of a named symbol, and the one that takes all others', () => {
    const { shards, shardOf } = parseShardMap('1=AAPL,BRK.B; 0=*');
    expect(shards).toEqual([0, 1]);
    expect([shardOf('AAPL'), shardOf('BRK.B'), shardOf('MSFT')]).toEqual([1, 1, 0]);
    expect(parseShardMap('0=AAPL').shardOf('MSFT')).toBeUndefined();
  });

  it('refuses what it does not understand, and a symbol on two shards', () => {
    for (const text of ['', '0', 'x=*', '0=a', '0=AAPL;1=AAPL']) expect(() => parseShardMap(text)).toThrow();
  });
});
