import type { DeleteRuleRequest } from '#gen/outcry/auto/v1/auto_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { deleteRule as markDeleted } from '../store/delete-rule.ts';
import { readRuleId, ruleNotFound } from './request-fields.ts';

/** Deletes a rule of the caller; again changes nothing. */
export async function deleteRule({ db, nowMs }: AutoDeps, request: DeleteRuleRequest, context: CallContext) {
  const { userId: accountId } = requireUser(context);
  const ruleId = readRuleId(request.ruleId);
  if (!(await markDeleted(db, { ruleId, accountId, nowMs: nowMs() }))) throw ruleNotFound();
  return {};
}
