/** Which books are on which shard of the exchange: one setting, read by the exchange and by all that follow it. */
import { ConfigError, type Environment, text } from './env.ts';

/** Which shard a symbol's book is on; EXCHANGE_SHARDS, default `0=*`: all books on shard 0. */
export type ShardMap = {
  /** All shards, ascending, 1 to 64 of them. */
  shards: number[];
  /** The shard of a symbol; undefined when no shard takes it. */
  shardOf(symbol: string): number | undefined;
};

const shardsMax = 64;
const entryPattern = /^(\d{1,4})=(\*|[A-Z0-9.]{1,12}(?:,[A-Z0-9.]{1,12})*)$/;

/** Reads EXCHANGE_SHARDS as `parseShardMap` does. */
export function readShardMap(env: Environment): ShardMap {
  return parseShardMap(text(env, 'EXCHANGE_SHARDS', '0=*'));
}

/**
 * Reads `0=AAPL,MSFT;1=*`: a shard's symbols, `*` for all that no other shard names. Throws ConfigError when it is not understood,
 * or when a symbol is named twice: a symbol must never move to another shard while orders rest.
 */
export function parseShardMap(text: string): ShardMap {
  const shards = new Set<number>();
  const bySymbol = new Map<string, number>();
  for (const entry of text.split(';')) {
    const match = entryPattern.exec(entry.trim());
    if (!match)
      throw new ConfigError([`EXCHANGE_SHARDS has an entry that is not <shard>=<symbols>: "${entry.trim()}"`]);
    const shard = Number(match[1]);
    shards.add(shard);
    for (const symbol of (match[2] ?? '').split(',')) {
      if (bySymbol.has(symbol)) throw new ConfigError([`EXCHANGE_SHARDS names ${symbol} twice`]);
      bySymbol.set(symbol, shard);
    }
  }
  if (shards.size > shardsMax) throw new ConfigError([`EXCHANGE_SHARDS has more than ${shardsMax} shards`]);
  return {
    shards: [...shards].sort((a, b) => a - b),
    shardOf: (symbol) => bySymbol.get(symbol) ?? bySymbol.get('*'),
  };
}
