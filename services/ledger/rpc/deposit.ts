import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  DepositRequest,
  DepositResponseSchema,
  WithdrawRequest,
  WithdrawResponseSchema,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { CASH_SCALE } from '#platform/money/decimal.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readDecimal, readKey } from '#platform/validation/request-fields.ts';
import type { LedgerDeps } from '../deps.ts';
import { cashAsset } from '../domain/asset.ts';
import type { TransferKind } from '../domain/transfer.ts';
import { refusalError } from './messages/refusal.ts';
import { readAccountId } from './messages/request-fields.ts';
import { transferMessage } from './messages/transfer.ts';

const amountBounds = { min: 1n, max: 100_000_000_000n };

/** Brings the caller's cash in. */
export function deposit(
  deps: LedgerDeps,
  request: DepositRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof DepositResponseSchema>> {
  return moveCash(deps, 'deposit', request, context);
}

/** Takes the caller's cash out. */
export function withdraw(
  deps: LedgerDeps,
  request: WithdrawRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof WithdrawResponseSchema>> {
  return moveCash(deps, 'withdrawal', request, context);
}

async function moveCash(
  { accounts, transfers }: LedgerDeps,
  kind: TransferKind,
  request: DepositRequest | WithdrawRequest,
  context: CallContext,
) {
  const accountId = readAccountId(requireUser(context).userId);
  const key = readKey(request.idempotencyKey);
  const amountCents = readDecimal('amount', request.amount, CASH_SCALE, amountBounds);
  if (request.currency !== '' && request.currency !== cashAsset) {
    throw invalidArgument('currency', `must be ${cashAsset}, the only one in this release`);
  }
  await accounts.ensure([accountId], context.signal);
  const asked = await transfers.request({ accountId, kind, amountCents }, key, context.signal);
  if ('refusal' in asked) throw refusalError(asked.refusal);
  return { transfer: transferMessage(asked.transfer) };
}
