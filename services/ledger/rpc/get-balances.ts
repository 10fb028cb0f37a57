import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BalanceSchema, GetBalancesRequest, GetBalancesResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { resolveAccountId } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { cashAsset, formatAmount } from '../domain/asset.ts';
import type { Balance } from '../domain/balance-sheet.ts';
import { listBalances } from '../store/list-balances.ts';
import { readAccountId } from './messages/request-fields.ts';

/** Cash and shares of an account, at one moment. */
export async function getBalances(
  { db }: LedgerDeps,
  request: GetBalancesRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof GetBalancesResponseSchema>> {
  const accountId = readAccountId(resolveAccountId(context, request.accountId));
  const balances = await listBalances(db, accountId);
  const cash = balances.find(({ asset }) => asset === cashAsset) ?? {
    accountId,
    asset: cashAsset,
    available: 0n,
    held: 0n,
  };
  const shares = balances.filter(({ asset }) => asset !== cashAsset);
  return { accountId, cash: toMessage(cash), shares: shares.map(toMessage) };
}

function toMessage({ asset, available, held }: Balance): MessageInitShape<typeof BalanceSchema> {
  return {
    asset,
    total: formatAmount(asset, available + held),
    available: formatAmount(asset, available),
    held: formatAmount(asset, held),
  };
}
