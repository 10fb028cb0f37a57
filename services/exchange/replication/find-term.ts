/** The parts of this process that serve a shard. */
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import type { ExchangeDeps } from '../deps.ts';
import type { ShardReplica } from './shard-replica.ts';
import type { Term } from './term.ts';

/** This process's replica of a shard. Throws INVALID_ARGUMENT for an unknown shard. */
export function replicaOf({ replicas }: ExchangeDeps, shard: number): ShardReplica {
  const replica = replicas.get(shard);
  if (!replica) throw invalidArgument('shard', 'is not one of this exchange');
  return replica;
}

/**
 * The running term of a shard. Throws INVALID_ARGUMENT for an unknown shard, and ShardElsewhereError, on which the call is forwarded
 * or parked, where the shard is not served here.
 */
export function termOf(deps: ExchangeDeps, shard: number): Term {
  return replicaOf(deps, shard).term();
}

/** The running term of a symbol's shard. Throws NOT_FOUND SYMBOL_UNKNOWN when the symbol belongs to no shard. */
export function termOfSymbol(deps: ExchangeDeps, symbol: string): Term {
  const shard = deps.shards.shardOf(symbol);
  if (shard === undefined) throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no instrument has this symbol', { symbol });
  return termOf(deps, shard);
}
