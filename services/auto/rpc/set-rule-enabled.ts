import type { SetRuleEnabledRequest } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { refused } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { cronCalendar } from '../domain/cron-calendar.ts';
import { setEnabled } from '../domain/rule.ts';
import { updateRule } from '../store/update-rule.ts';
import { toRuleMessage } from './messages/rule-message.ts';
import { requireRule, ruleNotFound } from './request-fields.ts';

/** Pauses or resumes a rule of the caller. */
export async function setRuleEnabled(
  { db, nowMs }: AutoDeps,
  { ruleId, enabled }: SetRuleEnabledRequest,
  context: CallContext,
) {
  return db.transaction(async (tx) => {
    const rule = await requireRule(tx, context, ruleId, { lock: true });
    if (rule.state === 'deleted') throw ruleNotFound();
    const changed = setEnabled(rule, enabled, { calendar: cronCalendar, nowMs: nowMs() });
    if (changed === undefined) throw refused(ErrorReason.RULE_DONE, 'the condition came true; it does not wait again');
    if (changed !== rule) await updateRule(tx, changed);
    return { rule: toRuleMessage(changed) };
  });
}
