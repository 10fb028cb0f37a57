import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ListHoldsRequest, ListHoldsResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { formatAmount } from '../domain/asset.ts';
import { listHolds as selectHolds } from '../store/list-holds.ts';
import { readAccountId } from './messages/request-fields.ts';

/** Open holds of an account, oldest order first. */
export async function listHolds(
  { db }: LedgerDeps,
  request: ListHoldsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListHoldsResponseSchema>> {
  const accountId = readAccountId(resolveAccountId(context, request.accountId));
  const list = `holds ${accountId}`;
  const { cursor, limit } = readPage(request, { list });
  const found = await selectHolds(db, accountId, cursor, limit + 1);
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ orderId }) => orderId });
  return {
    holds: rows.map(({ orderId, asset, amount, createTime, listId }) => ({
      orderId,
      listId: listId ?? '',
      asset,
      amount: formatAmount(asset, amount),
      createTime: timestampFromDate(createTime),
    })),
    nextPageToken,
  };
}
