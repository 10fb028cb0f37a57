import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  SettlePaymentFindingsRequest,
  SettlePaymentFindingsResponseSchema,
} from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { LedgerDeps } from '../deps.ts';
import { settleFindings } from '../store/payments/findings.ts';

const findingsMax = 200;
const reasonLengthMax = 200;

/** Records that findings are settled with their provider; ids of none are ignored, and what was settled before stays as it is. */
export async function settlePaymentFindings(
  { db, nowMs }: LedgerDeps,
  request: SettlePaymentFindingsRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof SettlePaymentFindingsResponseSchema>> {
  const { findingIds } = request;
  if (findingIds.length === 0 || findingIds.length > findingsMax) {
    throw invalidArgument('finding_ids', `must be 1 to ${findingsMax}`);
  }
  const reason = request.reason.trim();
  if (reason === '' || reason.length > reasonLengthMax) {
    throw invalidArgument('reason', `must be 1 to ${reasonLengthMax} characters`);
  }
  const { userId } = requireUser(context);
  const settledCount = await settleFindings(db, findingIds, { reason, settledBy: userId, time: new Date(nowMs()) });
  return { settledCount };
}
