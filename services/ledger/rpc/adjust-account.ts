import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AdjustAccountRequest, AdjustAccountResponseSchema } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { LedgerDeps } from '../deps.ts';
import { readAdjustment } from '../store/adjustments.ts';
import { adjustAccount as adjustOnce } from '../transfers/adjust-account.ts';
import { adjustmentMessage, readAdjustmentTerms } from './messages/adjustment.ts';
import { refusalError } from './messages/refusal.ts';

/** Corrects an account, once for the caller's key. */
export async function adjustAccount(
  deps: LedgerDeps,
  request: AdjustAccountRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof AdjustAccountResponseSchema>> {
  const key = readKey(request.idempotencyKey);
  const terms = readAdjustmentTerms(request, requireUser(context).userId);
  await deps.accounts.ensure([terms.accountId], context.signal);
  const outcome = await adjustOnce(deps, terms, key);
  if ('refusal' in outcome) throw refusalError(outcome.refusal);
  return { adjustment: adjustmentMessage(await readAdjustment(deps.db, outcome.adjustmentId)) };
}
