import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ResumeRequest, ResumeResponseSchema } from '#gen/outcry/exchange/v1/standby_pb.ts';
import { deadlineExceeded, refused } from '#platform/errors/outcry-error.ts';
import { pause } from '#platform/postgres/backoff.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { type ExchangeDeps, holderOf } from '../replication/exchange-deps.ts';
import { ShardElsewhereError } from '../replication/shard-elsewhere-error.ts';
import type { ShardHolder } from '../replication/shard-replica.ts';

const lookAgainMs = 2;

/** Takes a shard over from its holder, which has paused at a group. Resolves once the shard is served here. */
export async function resume(
  deps: ExchangeDeps,
  { shard, groupNumber, stateHash, leaseToken }: ResumeRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ResumeResponseSchema>> {
  const holder = holderOf(deps, shard);
  await until(context, () => {
    holder.hurry();
    return holder.state !== 'following' || holder.progress().groupNumber >= Number(groupNumber);
  });
  const progress = holder.progress();
  if (holder.state !== 'following' || progress.groupNumber !== Number(groupNumber)) throw notHere(holder);
  if (progress.stateHash !== stateHash) throw notHere(holder);
  holder.hint.tryNow(leaseToken);
  const isServing = () => holder.state === 'serving';
  await until(context, () => isServing() || holder.state === 'rebuilding');
  // Not a refusal: the lease may be here.
  if (!isServing()) throw new ShardElsewhereError(shard);
  return {};
}

async function until({ signal, deadlineTimeMs }: CallContext, condition: () => boolean): Promise<void> {
  while (!condition()) {
    if (signal.aborted || Date.now() >= deadlineTimeMs) throw deadlineExceeded();
    await pause(lookAgainMs, signal);
  }
}

function notHere(holder: ShardHolder): Error {
  const { groupNumber } = holder.progress();
  const metadata = { state: holder.state, group_number: String(groupNumber) };
  return refused(ErrorReason.HANDOVER_NOT_POSSIBLE, 'the standby cannot go on from this state', metadata);
}
