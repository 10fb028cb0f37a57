import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type {
  AmendHoldsRequest,
  AmendHoldsResponseSchema,
  AmendItem,
  HoldResultSchema,
} from '#gen/outcry/ledger/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import type { AmendOutcome, AmendRequest } from '../domain/amend-hold.ts';
import { malformed, readAmendItem } from './messages/hold-item.ts';
import { holdResult, malformedResult } from './messages/hold-result.ts';

const itemsMax = 500;

/** Lets holds pay for what their orders may become, each once for its number. A malformed item is refused without the others. */
export async function amendHolds(
  { accounts, holds }: LedgerDeps,
  request: AmendHoldsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof AmendHoldsResponseSchema>> {
  if (request.items.length > itemsMax) throw invalidArgument('items', `must be at most ${itemsMax}`);
  const read = request.items.map(readAmendItem);
  const wellFormed = read.filter((item): item is AmendRequest => !('malformed' in item));
  const accountIds = wellFormed.map(({ accountId }) => accountId);
  await accounts.ensure(accountIds, context.signal);
  const outcomes = (await holds.amend(wellFormed, context.signal)).values();
  const results = read.map((item, index) => {
    const { orderId } = request.items[index] as AmendItem;
    return 'malformed' in item ? malformedResult(orderId, item) : resultOf(orderId, outcomes.next().value);
  });
  return { results };
}

function resultOf(orderId: string, outcome: AmendOutcome | undefined): MessageInitShape<typeof HoldResultSchema> {
  switch (outcome?.kind) {
    case 'held':
      return holdResult(orderId, undefined);
    case 'refused':
      return holdResult(orderId, outcome.refusal);
    case 'too-much':
      return malformedResult(orderId, malformed('quantity_lots'));
    default:
      return { orderId, reason: ErrorReason.DEPENDENCY_UNAVAILABLE };
  }
}
