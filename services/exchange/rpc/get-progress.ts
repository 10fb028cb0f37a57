import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetProgressRequest, GetProgressResponseSchema } from '#gen/outcry/exchange/v1/standby_pb.ts';
import { type ExchangeDeps, holderOf } from '../replication/exchange-deps.ts';

/** How far this process's engine is with a shard. */
export async function getProgress(
  deps: ExchangeDeps,
  { shard }: GetProgressRequest,
): Promise<MessageInitShape<typeof GetProgressResponseSchema>> {
  const holder = holderOf(deps, shard);
  const { groupNumber, sequence, stateHash } = holder.progress();
  return {
    serving: holder.state === 'serving',
    groupNumber: BigInt(groupNumber),
    sequence: BigInt(sequence),
    stateHash,
  };
}
