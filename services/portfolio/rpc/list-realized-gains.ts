import type { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { cutPage, readPage } from '#platform/paging/page.ts';
import { numberCursor } from '#platform/paging/token.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { PortfolioDeps } from '../deps.ts';
import { listGains } from '../store/list-gains.ts';
import { gainMessage } from './messages/portfolio.ts';

const sequenceMax = 2n ** 63n - 1n;

/** ListRealizedGains. */
export function listRealizedGains(deps: PortfolioDeps): Implementation<typeof PortfolioService>['listRealizedGains'] {
  return async (request, context) => {
    const accountId = resolveAccountId(context, request.accountId);
    const list = `gains ${accountId}`;
    const { cursor, limit } = readPage(request, { list, cursor: numberCursor });
    const beforeSequence = cursor === undefined ? sequenceMax : BigInt(cursor);
    const found = await listGains(deps.db, { accountId, beforeSequence, limit: limit + 1 });
    const { rows, nextPageToken } = cutPage(found, limit, { list, cursorOf: ({ sequence }) => String(sequence) });
    return { gains: rows.map(gainMessage), nextPageToken };
  };
}
