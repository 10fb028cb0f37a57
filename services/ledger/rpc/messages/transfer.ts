/** Deposits and withdrawals, from and to the contract. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type DepositRequest,
  TransferKind as Kind,
  TransferStage as Stage,
  TransferStatus as Status,
  type TransferSchema,
  type WithdrawRequest,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import { CENT_SCALE, microsPerCent } from '#platform/money/decimal.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readDecimal, readKey } from '#platform/validation/request-fields.ts';
import { cashAsset, formatAmount } from '../../domain/asset.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type {
  StoredTransfer,
  TransferKind,
  TransferStage,
  TransferStatus,
  TransferTerms,
} from '../../domain/transfer.ts';
import { refusalError } from './refusal.ts';
import { readAccountId } from './request-fields.ts';

/** Bounds of one transfer in cents: up to 10^9. */
const amountBounds = { min: 1n, max: 100_000_000_000n };

const statuses: Record<TransferStatus, Status> = {
  pending: Status.PENDING,
  completed: Status.COMPLETED,
  failed: Status.FAILED,
};

const stages: Record<TransferStage, Stage> = {
  created: Stage.CREATED,
  requested: Stage.REQUESTED,
  accepted: Stage.ACCEPTED,
  completed: Stage.COMPLETED,
  failed: Stage.FAILED,
  refused: Stage.REFUSED,
};

/** The transfer that the caller requests of its own cash, and the key. Throws INVALID_ARGUMENT. */
export function readTransferRequest(
  kind: TransferKind,
  request: DepositRequest | WithdrawRequest,
  context: CallContext,
): { terms: TransferTerms; key: string } {
  const accountId = readAccountId(requireUser(context).userId);
  const key = readKey(request.idempotencyKey);
  const amountMicros = readDecimal('amount', request.amount, CENT_SCALE, amountBounds) * microsPerCent;
  if (request.currency !== '' && request.currency !== cashAsset) {
    throw invalidArgument('currency', `must be ${cashAsset}, the only one in this release`);
  }
  return { terms: { accountId, kind, amountMicros }, key };
}

/** The response to a request for a transfer. Throws the error of a refusal. */
export function transferResponse(result: { transfer: StoredTransfer } | { refusal: Refusal }) {
  if ('refusal' in result) throw refusalError(result.refusal);
  return { transfer: transferMessage(result.transfer) };
}

/** A transfer as a message. */
export function transferMessage(transfer: StoredTransfer): MessageInitShape<typeof TransferSchema> {
  return {
    transferId: transfer.transferId,
    accountId: transfer.accountId,
    kind: transfer.kind === 'deposit' ? Kind.DEPOSIT : Kind.WITHDRAWAL,
    amount: formatAmount(cashAsset, transfer.amountMicros),
    currency: cashAsset,
    status: statuses[transfer.status],
    createTime: timestampFromMs(transfer.createTimeMs),
    stage: stages[transfer.stage],
  };
}
