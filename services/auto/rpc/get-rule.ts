import type { GetRuleRequest } from '#gen/outcry/auto/v1/auto_pb.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { toRuleMessage } from './messages/rule-message.ts';
import { requireRule } from './request-fields.ts';

/** One rule, also one that was deleted, as long as it is stored. */
export async function getRule({ db }: AutoDeps, { ruleId }: GetRuleRequest, context: CallContext) {
  return { rule: toRuleMessage(await requireRule(db, context, ruleId)) };
}
