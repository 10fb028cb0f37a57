import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  TransferKind as Kind,
  type ListTransfersRequest,
  type ListTransfersResponseSchema,
  TransferStatus as Status,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { listName } from '#platform/paging/list-name.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readFromUntil } from '#platform/validation/time-range.ts';
import type { LedgerDeps } from '../deps.ts';
import type { TransferKind, TransferStatus } from '../domain/transfer.ts';
import { listTransfers as selectTransfers } from '../store/list-transfers.ts';
import { readAccountId } from './messages/request-fields.ts';
import { transferMessage } from './messages/transfer.ts';

const kinds = new Map<Kind, TransferKind | undefined>([
  [Kind.UNSPECIFIED, undefined],
  [Kind.DEPOSIT, 'deposit'],
  [Kind.WITHDRAWAL, 'withdrawal'],
]);
const statuses = new Map<Status, TransferStatus | undefined>([
  [Status.UNSPECIFIED, undefined],
  [Status.PENDING, 'pending'],
  [Status.COMPLETED, 'completed'],
  [Status.FAILED, 'failed'],
]);

/** A page of the transfers of an account that pass the filters. It begins after the last one of the page before, so that new transfers shift none. */
export async function listTransfers(
  { db }: LedgerDeps,
  request: ListTransfersRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListTransfersResponseSchema>> {
  const accountId = readAccountId(resolveAccountId(context, request.accountId));
  if (!kinds.has(request.kind)) throw invalidArgument('kind', 'is not a kind of this release');
  if (!statuses.has(request.status)) throw invalidArgument('status', 'is not a status of this release');
  const filter = {
    kind: kinds.get(request.kind),
    status: statuses.get(request.status),
    ...readFromUntil(request),
    oldestFirst: request.oldestFirst,
  };
  const list = listName('transfers', accountId, filter);
  const { cursor, limit } = readPage(request, { list });
  const found = await selectTransfers(db, accountId, filter, { after: cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ transferId }) => transferId });
  return { transfers: rows.map(transferMessage), nextPageToken };
}
