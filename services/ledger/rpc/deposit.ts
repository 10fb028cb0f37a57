import type { MessageInitShape } from '@bufbuild/protobuf';
import type { DepositRequest, DepositResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { readTransferRequest, transferResponse } from './messages/transfer.ts';

/** Brings in cash of the caller, once for the key. */
export async function deposit(
  { transfers }: LedgerDeps,
  request: DepositRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof DepositResponseSchema>> {
  const { terms, key } = readTransferRequest('deposit', request, context);
  return transferResponse(await transfers.request(terms, key, context.signal));
}
