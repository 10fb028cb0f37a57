import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListStuckTransfersRequest, ListStuckTransfersResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { LedgerDeps } from '../deps.ts';
import { listStuckTransfers as selectStuck } from '../store/payments/stuck.ts';
import { transferMessage } from './messages/transfer.ts';

const list = 'stuck transfers';

/** Stuck transfers of all accounts, oldest first. */
export async function listStuckTransfers(
  { db }: LedgerDeps,
  request: ListStuckTransfersRequest,
): Promise<MessageInitShape<typeof ListStuckTransfersResponseSchema>> {
  const { cursor, limit } = readPage(request, { list });
  const found = await selectStuck(db, { after: cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ transferId }) => transferId });
  return { transfers: rows.map(transferMessage), nextPageToken };
}
