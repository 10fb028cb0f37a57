import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PreviewHoldRequest, PreviewHoldResponseSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { previewHold as preview } from '../holds/preview-hold.ts';
import { readHoldItem } from './messages/hold-item.ts';
import { holdResult, malformedResult } from './messages/hold-result.ts';

/** How PlaceHolds would answer a new hold now; nothing is stored. */
export async function previewHold(
  { accounts, db }: LedgerDeps,
  { item }: PreviewHoldRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PreviewHoldResponseSchema>> {
  if (!item) throw invalidArgument('item', 'is missing');
  const request = readHoldItem(item);
  if ('malformed' in request) return { result: malformedResult(item.orderId, request) };
  await accounts.ensure([request.terms.accountId], context.signal);
  return { result: holdResult(item.orderId, await preview(db, request)) };
}
