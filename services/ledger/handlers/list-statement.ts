import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  EntryKind,
  type ListStatementRequest,
  type ListStatementResponseSchema,
  type StatementEntrySchema,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { formatAmount } from '../domain/asset.ts';
import type { PostingKind } from '../domain/entry.ts';
import type { LedgerDeps } from '../ledger-deps.ts';
import { readPageSize, readPageToken, writePageToken } from '../page.ts';
import { readAccountId } from '../request-fields.ts';
import { type ListedPosting, listPostings, type PostingCursor } from '../store/list-postings.ts';

const cursorPattern = /^(\d{1,18})\.(\d{1,4})$/;

const kinds: Record<PostingKind, EntryKind> = {
  deposit: EntryKind.DEPOSIT,
  withdrawal: EntryKind.WITHDRAWAL,
  issue: EntryKind.ISSUE,
  trade: EntryKind.TRADE,
  fee: EntryKind.FEE,
};

/** Every movement on an account, newest first. */
export async function listStatement(
  { db }: LedgerDeps,
  request: ListStatementRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListStatementResponseSchema>> {
  const accountId = readAccountId(resolveAccountId(context, request.accountId));
  const pageSize = readPageSize(request.pageSize);
  const match = readPageToken(request.pageToken, 'statement', accountId, cursorPattern);
  const before: PostingCursor | undefined = match && { sequence: BigInt(match[1] ?? 0), line: Number(match[2]) };
  const found = await listPostings(db, accountId, before, pageSize + 1);
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  return {
    entries: page.map(toMessage),
    nextPageToken:
      found.length > pageSize && last ? writePageToken('statement', accountId, `${last.sequence}.${last.line}`) : '',
  };
}

function toMessage(posting: ListedPosting): MessageInitShape<typeof StatementEntrySchema> {
  const { sequence, asset, reference } = posting;
  return {
    sequence,
    time: timestampFromDate(posting.bookTime),
    kind: kinds[posting.kind],
    asset,
    amount: formatAmount(asset, posting.amount),
    reference,
    orderId: posting.orderId ?? '',
  };
}
