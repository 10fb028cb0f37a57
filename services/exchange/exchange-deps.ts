import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ShardMap } from '#platform/config/shard-map.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import type { ShardHolder } from './shard/shard-holder.ts';
import type { Term } from './shard/term.ts';

/** What the handlers work with. */
export type ExchangeDeps = {
  shards: ShardMap;
  holders: Map<number, ShardHolder>;
};

/** The running term of a shard. Throws INVALID_ARGUMENT for a shard that is none, UNAVAILABLE where another process holds it. */
export function termOf({ holders }: ExchangeDeps, shard: number): Term {
  const holder = holders.get(shard);
  if (!holder) throw invalidArgument('shard', 'is not one of this exchange');
  return holder.term();
}

/** The running term of a symbol's shard. Throws NOT_FOUND SYMBOL_UNKNOWN when no shard takes the symbol. */
export function termOfSymbol(deps: ExchangeDeps, symbol: string): Term {
  const shard = deps.shards.shardOf(symbol);
  if (shard === undefined) throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no instrument has this symbol', { symbol });
  return termOf(deps, shard);
}
