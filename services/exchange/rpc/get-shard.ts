import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetShardRequest, GetShardResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { ExchangeDeps } from '../deps.ts';
import { termOf } from '../replication/find-term.ts';

/** The committed position of a shard. */
export async function getShard(
  deps: ExchangeDeps,
  { shard }: GetShardRequest,
): Promise<MessageInitShape<typeof GetShardResponseSchema>> {
  const term = termOf(deps, shard);
  const { sequence, stateHash, restingCount } = term.head();
  const head = { headSequence: BigInt(sequence), epoch: term.epoch, stateHash };
  return { shard, ...head, restingCount: BigInt(restingCount), ruleVersion: term.ruleVersion };
}
