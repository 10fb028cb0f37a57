import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ShardMap } from '#platform/config/shard-map.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import type { Claimant } from '../store/take-over.ts';
import type { Peers } from './peers.ts';
import type { WaitingRoom } from './pending-calls.ts';
import type { ShardHolder } from './shard-replica.ts';
import type { Term } from './term.ts';

/** By this name the exchange's processes call each other. */
export const serviceName = 'exchange';

/** What the handlers work with. */
export type ExchangeDeps = {
  shards: ShardMap;
  /** The shards that this process serves or stands by for. */
  holders: Map<number, ShardHolder>;
  /** This process. */
  claimant: Claimant;
  peers: Peers;
  waitingRoom: WaitingRoom;
  /** Advertised addresses of the standbys that watch this process, by shard, as often as each watches. */
  watchers: Map<number, string[]>;
};

/** This process's part in a shard. Throws INVALID_ARGUMENT for a shard that is none. */
export function holderOf({ holders }: ExchangeDeps, shard: number): ShardHolder {
  const holder = holders.get(shard);
  if (!holder) throw invalidArgument('shard', 'is not one of this exchange');
  return holder;
}

/**
 * The running term of a shard. Throws INVALID_ARGUMENT for a shard that is none, and ShardElsewhereError, on which the call is
 * passed on or waits, where the shard is not served here.
 */
export function termOf(deps: ExchangeDeps, shard: number): Term {
  return holderOf(deps, shard).term();
}

/** The running term of a symbol's shard. Throws NOT_FOUND SYMBOL_UNKNOWN when no shard takes the symbol. */
export function termOfSymbol(deps: ExchangeDeps, symbol: string): Term {
  const shard = deps.shards.shardOf(symbol);
  if (shard === undefined) throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no instrument has this symbol', { symbol });
  return termOf(deps, shard);
}
