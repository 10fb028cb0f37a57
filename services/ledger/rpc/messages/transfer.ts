import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TransferKind, type TransferSchema, TransferStatus } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { cashAsset, formatAmount } from '../../domain/asset.ts';
import type { Transfer } from '../../domain/transfer.ts';

const statuses: Record<Transfer['status'], TransferStatus> = {
  pending: TransferStatus.PENDING,
  completed: TransferStatus.COMPLETED,
  failed: TransferStatus.FAILED,
};

/** A transfer as the contract tells it. */
export function transferMessage(transfer: Transfer): MessageInitShape<typeof TransferSchema> {
  return {
    transferId: transfer.transferId,
    accountId: transfer.accountId,
    kind: transfer.kind === 'deposit' ? TransferKind.DEPOSIT : TransferKind.WITHDRAWAL,
    amount: formatAmount(cashAsset, transfer.amountCents),
    currency: cashAsset,
    status: statuses[transfer.status],
    createTime: timestampFromMs(transfer.createTimeMs),
  };
}
