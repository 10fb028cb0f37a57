import type { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { refused } from '#platform/errors/outcry-error.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import type { AutoDeps } from '../deps.ts';
import { cronCalendar } from '../domain/cron-calendar.ts';
import { setEnabled } from '../domain/rule.ts';
import { updateRule } from '../store/update-rule.ts';
import { ruleMessage } from './messages/rule-message.ts';
import { requireRule, ruleNotFound } from './rule-access.ts';

/** SetRuleEnabled. */
export function setRuleEnabled({ db, now }: AutoDeps): Implementation<typeof AutoService>['setRuleEnabled'] {
  return ({ ruleId, enabled }, context) =>
    db.transaction(async (tx) => {
      const rule = await requireRule(tx, context, ruleId, { lock: true });
      if (rule.state === 'deleted') throw ruleNotFound();
      const changed = setEnabled(rule, enabled, { calendar: cronCalendar, nowMs: now() });
      if (changed === undefined)
        throw refused(ErrorReason.RULE_DONE, 'the condition came true; it does not wait again');
      if (changed !== rule) await updateRule(tx, changed);
      return { rule: ruleMessage(changed) };
    });
}
