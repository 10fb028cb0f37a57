import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ListHoldsRequest, ListHoldsResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { formatAmount } from '../domain/asset.ts';
import type { LedgerDeps } from '../ledger-deps.ts';
import { readPageSize, readPageToken, writePageToken } from '../page.ts';
import { readAccountId } from '../request-fields.ts';
import { listHolds as selectHolds } from '../store/list-holds.ts';

const cursorPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Open holds of an account, oldest order first. */
export async function listHolds(
  { db }: LedgerDeps,
  request: ListHoldsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListHoldsResponseSchema>> {
  const accountId = readAccountId(resolveAccountId(context, request.accountId));
  const pageSize = readPageSize(request.pageSize);
  const after = readPageToken(request.pageToken, 'holds', accountId, cursorPattern)?.[0];
  const found = await selectHolds(db, accountId, after, pageSize + 1);
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  return {
    holds: page.map(({ orderId, asset, amount, createTime }) => ({
      orderId,
      asset,
      amount: formatAmount(asset, amount),
      createTime: timestampFromDate(createTime),
    })),
    nextPageToken: found.length > pageSize && last ? writePageToken('holds', accountId, last.orderId) : '',
  };
}
