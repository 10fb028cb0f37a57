import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type {
  HoldItem,
  HoldResultSchema,
  PlaceHoldsRequest,
  PlaceHoldsResponseSchema,
} from '#gen/outcry/ledger/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import type { HoldRequest } from '../domain/admit-hold.ts';
import { type MalformedHold, readHoldItem } from './messages/hold-item.ts';
import { reasonOf } from './messages/refusal.ts';

const itemsMax = 500;

/** Takes holds, each once for its order id. A malformed item is refused without the others, and nothing of it is stored. */
export async function placeHolds(
  { accounts, holds }: LedgerDeps,
  request: PlaceHoldsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PlaceHoldsResponseSchema>> {
  if (request.items.length > itemsMax) throw invalidArgument('items', `must be at most ${itemsMax}`);
  const read = request.items.map(readHoldItem);
  const wellFormed = read.filter((item): item is HoldRequest => !('malformed' in item));
  const accountIds = wellFormed.map(({ terms }) => terms.accountId);
  await accounts.ensure(accountIds, context.signal);
  const outcomes = (await holds.place(wellFormed, context.signal)).values();
  const results = read.map((item, index) => {
    const orderId = (request.items[index] as HoldItem).orderId;
    if ('malformed' in item) return malformedResult(orderId, item);
    const refusal = outcomes.next().value;
    return refusal ? { orderId, reason: reasonOf(refusal), metadata: refusal.metadata } : { orderId, held: true };
  });
  return { results };
}

function malformedResult(orderId: string, { malformed }: MalformedHold): MessageInitShape<typeof HoldResultSchema> {
  return { orderId, reason: ErrorReason.INVALID_FIELD, metadata: malformed };
}
