import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { WatchRequest, WatchResponseSchema } from '#gen/outcry/exchange/v1/standby_pb.ts';
import { invalidArgument, resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { pause } from '#platform/time/pause.ts';
import type { ExchangeDeps } from '../deps.ts';
import { replicaOf } from '../replication/find-term.ts';

/** Greatest number of open Watch streams of a shard. */
export const watchersMax = 16;
const intervalMs = 500;
const addressPattern = /^[^\s/]{1,250}:\d{1,5}$/;

/** Reports to a standby every half second that the shard is served here, and lists the standby while the stream is open. */
export async function* watch(
  deps: ExchangeDeps,
  { shard, address }: WatchRequest,
  { signal }: CallContext,
): AsyncGenerator<MessageInitShape<typeof WatchResponseSchema>, void, undefined> {
  if (!addressPattern.test(address)) throw invalidArgument('address', 'is not a host:port');
  const replica = replicaOf(deps, shard);
  const term = replica.term();
  const watchers = deps.watchers.get(shard) ?? [];
  deps.watchers.set(shard, watchers);
  if (watchers.length >= watchersMax) throw resourceExhausted(ErrorReason.OVERLOADED, 'the shard has enough standbys');
  watchers.push(address);
  try {
    const over = AbortSignal.any([signal, term.signal]);
    for (let leaseToken = replica.leaseToken(); leaseToken && !over.aborted; leaseToken = replica.leaseToken()) {
      yield { leaseToken, groupNumber: BigInt(term.head().groupNumber) };
      await pause(intervalMs, over);
    }
  } finally {
    watchers.splice(watchers.indexOf(address), 1);
  }
}
