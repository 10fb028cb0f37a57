import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { ResumeRequest, ResumeResponseSchema } from '#gen/outcry/exchange/v1/standby_pb.ts';
import { deadlineExceeded, refused } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import { ShardElsewhereError } from '../replication/errors.ts';
import { replicaOf } from '../replication/find-term.ts';
import { pollUntil } from '../replication/poll.ts';
import type { ShardReplica } from '../replication/shard-replica.ts';

const pollIntervalMs = 2;

/** Takes a shard over from its leader, which has paused after a group. Resolves once the shard is served here. */
export async function resume(
  deps: ExchangeDeps,
  { shard, groupNumber, stateHash, leaseToken }: ResumeRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ResumeResponseSchema>> {
  const replica = replicaOf(deps, shard);
  await waitUntil(context, () => {
    replica.pollNow();
    return replica.state !== 'following' || replica.progress().groupNumber >= Number(groupNumber);
  });
  const progress = replica.progress();
  if (replica.state !== 'following' || progress.groupNumber !== Number(groupNumber)) throw notPossible(replica);
  if (progress.stateHash !== stateHash) throw notPossible(replica);
  replica.leaseTrigger.acquireNow(leaseToken);
  const isServing = () => replica.state === 'serving';
  await waitUntil(context, () => isServing() || replica.state === 'rebuilding');
  // Not a refusal: this process may have the lease.
  if (!isServing()) throw new ShardElsewhereError(shard);
  return {};
}

/** Polls until a condition is true. Rejects with DEADLINE_EXCEEDED when the call ends first. */
async function waitUntil({ signal, deadlineTimeMs }: CallContext, condition: () => boolean): Promise<void> {
  const check = () => {
    if (condition()) return true;
    if (Date.now() >= deadlineTimeMs) throw deadlineExceeded();
    return undefined;
  };
  if (!(await pollUntil(check, { intervalMs: pollIntervalMs, signal }))) throw deadlineExceeded();
}

function notPossible(replica: ShardReplica): Error {
  const { groupNumber } = replica.progress();
  const metadata = { state: replica.state, group_number: String(groupNumber) };
  return refused(ErrorReason.HANDOVER_NOT_POSSIBLE, 'the standby cannot continue from this state', metadata);
}
