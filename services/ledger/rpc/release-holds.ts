import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ReleaseHoldsRequest, ReleaseHoldsResponseSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';

const ordersMax = 500;

/** Releases the holds of voided orders; an id without a hold is closed and never gets one. */
export async function releaseHolds(
  { holds }: LedgerDeps,
  request: ReleaseHoldsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ReleaseHoldsResponseSchema>> {
  if (request.orderIds.length > ordersMax) throw invalidArgument('order_ids', `must be at most ${ordersMax}`);
  if (!request.orderIds.every(isUuidV7)) throw invalidArgument('order_ids', 'must be UUIDs of version 7');
  await holds.release(request.orderIds, context.signal);
  return {};
}
