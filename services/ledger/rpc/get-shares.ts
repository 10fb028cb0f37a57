import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GetSharesRequest, GetSharesResponseSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import type { LedgerDeps } from '../deps.ts';
import { readShares } from '../store/read-shares.ts';
import { readAccountId, readShareSymbol } from './messages/request-fields.ts';

/** What an account has of one symbol or of all, and up to where trades are settled in it. */
export async function getShares(
  { db }: LedgerDeps,
  request: GetSharesRequest,
): Promise<MessageInitShape<typeof GetSharesResponseSchema>> {
  const accountId = readAccountId(request.accountId);
  const symbol = request.symbol === '' ? '' : readShareSymbol('symbol', request.symbol);
  const { shares, positions } = await readShares(db, accountId, symbol);
  return {
    shares: shares.map((owned) => ({
      symbol: owned.symbol,
      availableMicros: owned.available,
      heldMicros: owned.held,
    })),
    exchangePositions: Object.fromEntries(positions),
  };
}
