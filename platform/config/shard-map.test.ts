import { describe, expect, it } from 'vitest';
import { parseShardMap, readShardMap } from './shard-map.ts';

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

describe('readShardMap', () => {
  it('has all books on shard 0 by default', () => {
    expect(readShardMap({})).toMatchObject({ shards: [0] });
    expect(readShardMap({ EXCHANGE_SHARDS: '0=*;3=ACME' }).shards).toEqual([0, 3]);
  });

  it('refuses a count, and more shards than followers take', () => {
    const many = Array.from({ length: 65 }, (_, shard) => `${shard}=S${shard}`).join(';');
    for (const EXCHANGE_SHARDS of ['4', many])
      expect(() => readShardMap({ EXCHANGE_SHARDS })).toThrow('EXCHANGE_SHARDS');
  });
});
