import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListAdjustmentsRequest, ListAdjustmentsResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { listName } from '#platform/paging/list-name.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { LedgerDeps } from '../deps.ts';
import { listAdjustments as readAdjustments } from '../store/adjustments.ts';
import { adjustmentMessage } from './messages/adjustment.ts';
import { readAccountId } from './messages/request-fields.ts';

/** Corrections of one account or of all, newest first. */
export async function listAdjustments(
  { db }: LedgerDeps,
  request: ListAdjustmentsRequest,
): Promise<MessageInitShape<typeof ListAdjustmentsResponseSchema>> {
  const accountId = request.accountId === '' ? undefined : readAccountId(request.accountId);
  const list = listName('adjustments', accountId ?? 'all', {});
  const { cursor, limit } = readPage(request, { list });
  const found = await readAdjustments(db, accountId, { before: cursor, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ adjustmentId }) => adjustmentId });
  return { adjustments: rows.map(adjustmentMessage), nextPageToken };
}
