import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  EntryKind,
  type ListStatementRequest,
  type ListStatementResponseSchema,
  type StatementEntrySchema,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { formatAmount } from '../domain/asset.ts';
import type { PostingKind } from '../domain/entry.ts';
import { type ListedPosting, listPostings, type PostingCursor } from '../store/list-postings.ts';
import { readAccountId } from './messages/request-fields.ts';

const cursorPattern = /^\d{1,18}\.\d{1,4}$/;

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
  const list = `statement ${accountId}`;
  const { cursor, limit } = readPage(request, { list, cursor: cursorPattern });
  const found = await listPostings(db, accountId, cursor === undefined ? undefined : toCursor(cursor), limit + 1);
  const { rows, nextPageToken } = cutPage(found, limit, {
    list,
    cursorOf: ({ sequence, line }) => `${sequence}.${line}`,
  });
  return { entries: rows.map(toMessage), nextPageToken };
}

function toCursor(text: string): PostingCursor {
  const [sequence = '', line = ''] = text.split('.');
  return { sequence: BigInt(sequence), line: Number(line) };
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
