import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PreviewHoldRequest, PreviewHoldResponseSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { previewList } from '../holds/place-lists.ts';
import { previewHold as preview } from '../holds/preview-hold.ts';
import { type ReadHold, readHolds, readList } from './messages/hold-lists.ts';
import { holdResult, malformedResult } from './messages/hold-result.ts';

/** How PlaceHolds would answer a new hold now; nothing is stored. */
export async function previewHold(
  { accounts, db }: LedgerDeps,
  { item, list }: PreviewHoldRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof PreviewHoldResponseSchema>> {
  if (item !== undefined && list.length > 0) throw invalidArgument('list', 'does not go with item');
  const first = item ?? list[0];
  if (first === undefined) throw invalidArgument('item', 'is missing');
  const { orderId } = first;
  const read = item === undefined ? readList(list) : (readHolds([item])[0] as ReadHold);
  if (read.kind === 'malformed') return { result: malformedResult(orderId, read.malformed) };
  await accounts.ensure([first.accountId], context.signal);
  const outcome = read.kind === 'hold' ? await preview(db, read.hold) : await previewList(db, read.list);
  return { result: holdResult(orderId, outcome) };
}
