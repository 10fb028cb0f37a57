import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  ListRealizedGainsRequest,
  ListRealizedGainsResponseSchema,
} from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { numberCursor } from '#platform/paging/token.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { PortfolioDeps } from '../deps.ts';
import { listGains } from '../store/list-gains.ts';
import { gainMessage } from './messages/portfolio.ts';

const sequenceMax = 2n ** 63n - 1n;

/** The gains of an account's sales, newest first. */
export async function listRealizedGains(
  { db }: PortfolioDeps,
  request: ListRealizedGainsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof ListRealizedGainsResponseSchema>> {
  const accountId = resolveAccountId(context, request.accountId);
  const list = `gains ${accountId}`;
  const { cursor, limit } = readPage(request, { list, cursor: numberCursor });
  const beforeSequence = cursor === undefined ? sequenceMax : BigInt(cursor);
  const found = await listGains(db, { accountId, beforeSequence, limit: limit + 1 });
  const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ sequence }) => String(sequence) });
  return { gains: rows.map(gainMessage), nextPageToken };
}
