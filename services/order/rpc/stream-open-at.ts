import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { StreamOpenAtRequest, StreamOpenAtResponseSchema } from '#gen/outcry/order/v1/internal_pb.ts';
import type { Clock } from '#platform/clock/clock.ts';
import { invalidArgument, unavailable } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { OrderDeps } from '../deps.ts';
import { type OpenAt, readOpenAt } from '../store/read-open-at.ts';
import { toHoldTerms } from './messages/hold-terms.ts';

const ordersMax = 500;
const shardsMax = 64;
const waitMaxMs = 10_000;
const answerMarginMs = 500;
/** How long ago an order may have been compensated here and still have had its hold at the cut. */
const compensatedAgeMaxMs = 60_000;
const firstId = '00000000-0000-0000-0000-000000000000';

/** StreamOpenAt: the orders that were not final at the audit's cut. Throws UNAVAILABLE when the feed is not applied that far in 10 s. */
export async function* streamOpenAt(
  deps: OrderDeps,
  request: StreamOpenAtRequest,
  context: CallContext,
): AsyncGenerator<MessageInitShape<typeof StreamOpenAtResponseSchema>, void> {
  const positions = new Map(Object.entries(request.positions).map(([shard, position]) => [Number(shard), position]));
  if (positions.size === 0 || positions.size > shardsMax) {
    throw invalidArgument('positions', `must name 1 to ${shardsMax} shards`);
  }
  const endTimeMs = Math.min(deps.nowMs() + waitMaxMs, context.deadlineTimeMs - answerMarginMs);
  for (const [shard, position] of positions) {
    if (await deps.changes.waitForPosition(shard, position, endTimeMs - deps.nowMs())) continue;
    throw unavailable(ErrorReason.DEPENDENCY_UNAVAILABLE, 'the feed is not applied up to the cut yet');
  }
  let afterOrderId = firstId;
  while (!context.signal.aborted) {
    const compensatedAfterMs = deps.clock.nowMs() - deps.clock.spanMs(compensatedAgeMaxMs);
    const page = await readOpenAt(deps.db, { positions, compensatedAfterMs, afterOrderId, limit: ordersMax });
    if (page.length > 0) yield { orders: page.map((order) => toOpenOrder(order, deps.clock)) };
    if (page.length < ordersMax) return;
    afterOrderId = page.at(-1)?.order.orderId ?? firstId;
  }
}

function toOpenOrder({ order, filledLots, makerValueMicros, takerValueMicros, pending }: OpenAt, clock: Clock) {
  return {
    ...toHoldTerms(order),
    filledLots,
    makerValueMicros,
    takerValueMicros,
    passing: pending,
    ageMs: BigInt(Math.floor(clock.ageMs(order.createTimeMs))),
  };
}
