import type { MessageInitShape } from '@bufbuild/protobuf';
import type { WithdrawRequest, WithdrawResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { readTransferRequest, transferResponse } from './messages/transfer.ts';

/** Pays out cash of the caller, once for the key. */
export async function withdraw(
  { transfers }: LedgerDeps,
  request: WithdrawRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof WithdrawResponseSchema>> {
  const { terms, key } = readTransferRequest('withdrawal', request, context);
  return transferResponse(await transfers.request(terms, key, context.signal));
}
