import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { GetTransferRequest, GetTransferResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { mayNameAnyOwner, requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument, notFound } from '#platform/errors/outcry-error.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { LedgerDeps } from '../deps.ts';
import { readTransfer, readTransferByKey } from '../store/read-transfers.ts';
import { transferMessage } from './messages/transfer.ts';

/** One transfer, by its id or by the caller's key. */
export async function getTransfer(
  { db }: LedgerDeps,
  request: GetTransferRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof GetTransferResponseSchema>> {
  const { userId } = requireUser(context);
  const { transferId, idempotencyKey } = request;
  if (transferId === '' && idempotencyKey === '') {
    throw invalidArgument('transfer_id', 'either this or idempotency_key is required');
  }
  if (transferId === '') {
    const own = await readTransferByKey(db, userId, readKey(idempotencyKey));
    if (!own) throw notFound(ErrorReason.KEY_NOT_FOUND, 'nothing was done under this key');
    return { transfer: transferMessage(own) };
  }
  const transfer = isUuidV7(transferId) ? await readTransfer(db, transferId) : undefined;
  if (!transfer || (transfer.accountId !== userId && !mayNameAnyOwner(context))) {
    throw notFound(ErrorReason.TRANSFER_NOT_FOUND, 'there is no such transfer');
  }
  return { transfer: transferMessage(transfer) };
}
