import type { MessageInitShape } from '@bufbuild/protobuf';
import type { HoldItem, PlaceHoldsRequest, PlaceHoldsResponseSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import type { HoldRequest } from '../domain/admit-hold.ts';
import { readHoldItem } from './messages/hold-item.ts';
import { holdResult, malformedResult } from './messages/hold-result.ts';

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
    return 'malformed' in item ? malformedResult(orderId, item) : holdResult(orderId, outcomes.next().value);
  });
  return { results };
}
