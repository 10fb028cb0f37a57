import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ListPaymentFindingsRequest, ListPaymentFindingsResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { numberCursor } from '#platform/paging/token.ts';
import type { LedgerDeps } from '../deps.ts';
import { listFindings, type StoredFinding } from '../store/payments/findings.ts';

const list = 'payment findings';

/** Where providers and the ledger differ, newest first. */
export async function listPaymentFindings(
  { db }: LedgerDeps,
  request: ListPaymentFindingsRequest,
): Promise<MessageInitShape<typeof ListPaymentFindingsResponseSchema>> {
  const { cursor, limit } = readPage(request, { list, cursor: numberCursor });
  const before = cursor === undefined ? undefined : BigInt(cursor);
  const found = await listFindings(db, { before, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ findingId }) => String(findingId) });
  return {
    findings: rows.map(findingMessage),
    nextPageToken,
  };
}

function findingMessage({ findTime, settleTime, settleReason, settledBy, ...finding }: StoredFinding) {
  const open = { ...finding, findTime: timestampFromDate(findTime) };
  if (settleTime === null) return open;
  const settlement = { settleReason: settleReason ?? '', settledBy: settledBy ?? '' };
  return { ...open, ...settlement, settleTime: timestampFromDate(settleTime) };
}
