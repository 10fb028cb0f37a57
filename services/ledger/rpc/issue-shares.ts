import type { MessageInitShape } from '@bufbuild/protobuf';
import type { IssueSharesRequest, IssueSharesResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readDecimal, readKey } from '#platform/validation/request-fields.ts';
import type { LedgerDeps } from '../deps.ts';
import { grantAssets } from '../transfers/grant-assets.ts';
import { refusalError } from './messages/refusal.ts';
import { readAccountId, readShareSymbol } from './messages/request-fields.ts';

/** Bounds of one issue in millionths of a share: up to 10^12 shares. */
export const issueBounds = { min: 1n, max: 1_000_000_000_000_000_000n };

/** Issues new shares to an account, once for the caller's key. */
export async function issueShares(
  deps: LedgerDeps,
  request: IssueSharesRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof IssueSharesResponseSchema>> {
  const key = readKey(request.idempotencyKey);
  const accountId = readAccountId(request.accountId);
  const symbol = readShareSymbol('symbol', request.symbol);
  const micros = readDecimal('quantity', request.quantity, QUANTITY_SCALE, issueBounds);
  await deps.accounts.ensure([accountId], context.signal);
  const grant = { accountId, cashMicros: 0n, shares: [{ symbol, micros }] };
  const outcome = await grantAssets(deps, grant, `issue:${requireUser(context).userId}`, key);
  if ('refusal' in outcome) throw refusalError(outcome.refusal);
  return { sequence: BigInt(outcome.sequence) };
}
