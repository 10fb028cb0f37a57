import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ReadTrailsRequest, ReadTrailsResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import { termOf } from '../replication/find-term.ts';
import { requireFields } from './messages/fields.ts';

const idsMax = 500;

/** From which prices trailing stops trail at the moment; nothing is journalled. */
export async function readTrails(
  deps: ExchangeDeps,
  { shard, orderIds }: ReadTrailsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ReadTrailsResponseSchema>> {
  requireFields([[orderIds.length >= 1 && orderIds.length <= idsMax, 'order_ids', `must be 1 to ${idsMax}`]]);
  const { sequence, trails } = await termOf(deps, shard).readTrails(orderIds, context);
  return {
    sequence: BigInt(sequence),
    trails: trails.map(({ orderId, referenceTicks, stopTicks }) => ({
      ...{ orderId, referencePriceTicks: BigInt(referenceTicks), stopPriceTicks: BigInt(stopTicks) },
    })),
  };
}
