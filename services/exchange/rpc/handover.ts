import type { MessageInitShape } from '@bufbuild/protobuf';
import type { HandoverRequest, HandoverResponseSchema } from '#gen/outcry/exchange/v1/admin_pb.ts';
import type { ExchangeDeps } from '../deps.ts';
import { termOf } from '../replication/find-term.ts';
import { handOver } from '../replication/hand-over.ts';

/** Moves a shard from this process to a standby. */
export async function handover(
  deps: ExchangeDeps,
  { shard, toAddress }: HandoverRequest,
): Promise<MessageInitShape<typeof HandoverResponseSchema>> {
  const { address } = deps.self;
  const term = termOf(deps, shard);
  if (toAddress === address) return { ...positionOf(term.head()), shard, fromAddress: address, toAddress };
  const { to, pauseMs, head } = await handOver(deps, shard, toAddress);
  const pauseMicros = BigInt(Math.round(pauseMs * 1_000));
  return { ...positionOf(head), shard, fromAddress: address, toAddress: to, pauseMicros };
}

function positionOf({ sequence, stateHash }: { sequence: number; stateHash: string }) {
  return { headSequence: BigInt(sequence), stateHash };
}
