import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { PortfolioDeps } from '../portfolio-deps.ts';
import { gainMessage } from '../portfolio-message.ts';
import { listGains } from '../store/list-gains.ts';

const pageSizeMax = 200;
const pageSizeDefault = 50;
const sequenceMax = 2n ** 63n - 1n;

/** ListRealizedGains. */
export function listRealizedGains(deps: PortfolioDeps): Implementation<typeof PortfolioService>['listRealizedGains'] {
  return async (request, context) => {
    const accountId = resolveAccountId(context, request.accountId);
    const { pageSize, pageToken } = request;
    if (pageSize < 0 || pageSize > pageSizeMax) throw invalidArgument('page_size', `must be 0 to ${pageSizeMax}`);
    const limit = pageSize || pageSizeDefault;
    const beforeSequence = pageToken === '' ? sequenceMax : readToken(pageToken);
    const gains = await listGains(deps.db, { accountId, beforeSequence, limit: limit + 1 });
    const page = gains.slice(0, limit);
    const last = page.at(-1);
    return {
      gains: page.map(gainMessage),
      nextPageToken: gains.length > limit && last !== undefined ? writeToken(last.sequence) : '',
    };
  };
}

function writeToken(sequence: bigint): string {
  return Buffer.from(`g1:${sequence}`).toString('base64url');
}

function readToken(token: string): bigint {
  const text = Buffer.from(token.slice(0, 100), 'base64url').toString();
  const digits = /^g1:([1-9]\d{0,17})$/.exec(text)?.[1];
  if (digits === undefined) {
    throw invalidArgument('page_token', 'was not made by this list', ErrorReason.PAGE_TOKEN_INVALID);
  }
  return BigInt(digits);
}
