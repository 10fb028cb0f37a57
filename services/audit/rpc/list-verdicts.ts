import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListVerdictsRequest, ListVerdictsResponseSchema } from '#gen/outcry/audit/v1/audit_pb.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { uuidCursor } from '#platform/paging/token.ts';
import type { AuditDeps } from '../deps.ts';
import { listVerdicts as readVerdicts } from '../store/verdicts.ts';
import { toVerdictMessage } from './messages/verdict.ts';

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The verdicts of all passes, newest first. */
export async function listVerdicts(
  { db }: AuditDeps,
  request: ListVerdictsRequest,
): Promise<MessageInitShape<typeof ListVerdictsResponseSchema>> {
  const { uncleanOnly } = request;
  const list = `verdicts ${uncleanOnly}`;
  const { cursor = lastId, limit } = readPage(request, { list, cursor: uuidCursor });
  const found = await readVerdicts(db, { before: cursor, limit: limit + 1, uncleanOnly });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ verdictId }) => verdictId });
  return { verdicts: rows.map(toVerdictMessage), nextPageToken };
}
