import type { DeleteRuleRequest } from '#gen/outcry/auto/v1/auto_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { deleteRule as markDeleted } from '../store/delete-rule.ts';
import { wakeSlice } from '../store/wake-slice.ts';
import { readRuleId, ruleNotFound } from './request-fields.ts';

/** Deletes a rule of the caller; again changes nothing. A slice that it works ends at once. */
export async function deleteRule({ db, nowMs, notifier }: AutoDeps, request: DeleteRuleRequest, context: CallContext) {
  const { userId: accountId } = requireUser(context);
  const ruleId = readRuleId(request.ruleId);
  const deletion = { ruleId, accountId, nowMs: nowMs() };
  await db.transaction(async (tx) => {
    if (!(await markDeleted(tx, deletion))) throw ruleNotFound();
    await wakeSlice(tx, ruleId, deletion.nowMs);
  });
  notifier.notify();
  return {};
}
