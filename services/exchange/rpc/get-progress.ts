import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetProgressRequest, GetProgressResponseSchema } from '#gen/outcry/exchange/v1/standby_pb.ts';
import type { ExchangeDeps } from '../deps.ts';
import { replicaOf } from '../replication/find-term.ts';

/** The position of this process's engine in a shard's journal. */
export async function getProgress(
  deps: ExchangeDeps,
  { shard }: GetProgressRequest,
): Promise<MessageInitShape<typeof GetProgressResponseSchema>> {
  const replica = replicaOf(deps, shard);
  const { groupNumber, sequence, stateHash } = replica.progress();
  return {
    serving: replica.state === 'serving',
    groupNumber: BigInt(groupNumber),
    sequence: BigInt(sequence),
    stateHash,
  };
}
