import type { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { deleteRule as endRule } from '../store/update-rule.ts';
import { readRuleId, ruleNotFound } from './rule-access.ts';

/** DeleteRule. */
export function deleteRule({ db, now }: AutoDeps): Implementation<typeof AutoService>['deleteRule'] {
  return async (request, context) => {
    const { userId: accountId } = requireUser(context);
    const ruleId = readRuleId(request.ruleId);
    if (!(await endRule(db, { ruleId, accountId, nowMs: now() }))) throw ruleNotFound();
    return {};
  };
}
