import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FundHouseAccountRequest, FundHouseAccountResponseSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { CENT_SCALE, microsPerCent, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readDecimal, readKey } from '#platform/validation/request-fields.ts';
import type { LedgerDeps } from '../deps.ts';
import { grantAssets } from '../transfers/grant-assets.ts';
import { issueBounds } from './issue-shares.ts';
import { refusalError } from './messages/refusal.ts';
import { readAccountId, readShareSymbol } from './messages/request-fields.ts';

const cashCentsBounds = { min: 0n, max: 10_000_000_000_000n };
const symbolsMax = 100;

/** Gives a house account cash and shares, once for the key. Throws NOT_FOUND for any other account. */
export async function fundHouseAccount(
  deps: LedgerDeps,
  request: FundHouseAccountRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof FundHouseAccountResponseSchema>> {
  const key = readKey(request.idempotencyKey);
  const accountId = readAccountId(request.accountId);
  const cashMicros = request.cash === '' ? 0n : readCash(request.cash);
  const listed = Object.entries(request.shares);
  if (listed.length > symbolsMax) throw invalidArgument('shares', `must be at most ${symbolsMax} symbols`);
  const shares = listed.map(([symbol, quantity]) => ({
    symbol: readShareSymbol('shares', symbol),
    micros: readDecimal(`shares[${symbol}]`, quantity, QUANTITY_SCALE, issueBounds),
  }));
  if (cashMicros === 0n && shares.length === 0) throw invalidArgument('cash', 'either cash or shares are required');
  await deps.accounts.ensure([accountId], context.signal);
  const outcome = await grantAssets(deps, { accountId, cashMicros, shares, houseOnly: true }, 'fund', key);
  if ('refusal' in outcome) throw refusalError(outcome.refusal);
  return {};
}

/** Cash comes from outside in whole cents. */
function readCash(text: string): bigint {
  return readDecimal('cash', text, CENT_SCALE, cashCentsBounds) * microsPerCent;
}
