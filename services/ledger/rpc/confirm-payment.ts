import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ConfirmPaymentRequest, ConfirmPaymentResponseSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { LedgerDeps } from '../deps.ts';
import { receiveCallback } from '../transfers/receive-callback.ts';

const headersMax = 16;
const headerLengthMax = 1_024;

/** Takes a callback that arrived at the gateway; answers once its effect is committed. */
export async function confirmPayment(
  { payments }: LedgerDeps,
  { provider, headers, body }: ConfirmPaymentRequest,
): Promise<MessageInitShape<typeof ConfirmPaymentResponseSchema>> {
  const values = Object.values(headers);
  if (values.length > headersMax) throw invalidArgument('headers', `must be at most ${headersMax}`);
  if (values.some(({ length }) => length > headerLengthMax)) {
    throw invalidArgument('headers', `must have at most ${headerLengthMax} characters each`);
  }
  await receiveCallback(payments, provider, { headers, body });
  return {};
}
