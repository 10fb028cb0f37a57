import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  EntryKind,
  type ListStatementRequest,
  type ListStatementResponseSchema,
  type StatementEntrySchema,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { listName } from '#platform/paging/list-name.ts';
import { readPage } from '#platform/paging/page.ts';
import { writeToken } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readFromUntil } from '#platform/validation/time-range.ts';
import type { LedgerDeps } from '../deps.ts';
import { formatAmount } from '../domain/asset.ts';
import type { PostingKind } from '../domain/entry.ts';
import type { ListedPosting, PostingPlace } from '../store/list-postings.ts';
import { readStatementPage } from '../store/read-statement-page.ts';
import { readAccountId } from './messages/request-fields.ts';

const cursorPattern = /^\d{1,18}\.\d{1,4}$/;

const kinds: Record<PostingKind, EntryKind> = {
  deposit: EntryKind.DEPOSIT,
  withdrawal: EntryKind.WITHDRAWAL,
  issue: EntryKind.ISSUE,
  trade: EntryKind.TRADE,
  fee: EntryKind.FEE,
  adjustment: EntryKind.ADJUSTMENT,
};
const postingKinds = Object.keys(kinds) as PostingKind[];

const kindsMax = 32;

/** A page of the movements on an account that pass the filters. Its token is of use with the same filters and sequence only. */
export async function listStatement(
  { db }: LedgerDeps,
  request: ListStatementRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListStatementResponseSchema>> {
  const accountId = readAccountId(resolveAccountId(context, request.accountId));
  const filters = { kinds: readKinds(request.kinds), ...readFromUntil(request), oldestFirst: request.oldestFirst };
  const list = listName('statement', accountId, filters);
  const { cursor, limit } = readPage(request, { list, cursor: cursorPattern });
  const after = cursor === undefined ? undefined : toPlace(cursor);
  const { postings, next } = await readStatementPage(db, { ...filters, accountId }, after, limit);
  const nextPageToken = next === undefined ? '' : writeToken(list, `${next.sequence}.${next.line}`);
  return { entries: postings.map(toMessage), nextPageToken };
}

function readKinds(wanted: readonly EntryKind[]): PostingKind[] | undefined {
  if (wanted.length === 0) return undefined;
  if (wanted.length > kindsMax) throw invalidArgument('kinds', `must be at most ${kindsMax}`);
  return [...new Set(wanted)].map((kind) => {
    const known = postingKinds.find((one) => kinds[one] === kind);
    if (known === undefined) throw invalidArgument('kinds', 'has one that is not a kind of this release');
    return known;
  });
}

function toPlace(text: string): PostingPlace {
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
    reason: posting.reason ?? '',
  };
}
