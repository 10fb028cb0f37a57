import type { SetRuleEnabledRequest } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { refused, unavailable } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { readBookFacts } from '../clients/last-price.ts';
import type { AutoDeps } from '../deps.ts';
import { cronCalendar } from '../domain/cron-calendar.ts';
import { setEnabled } from '../domain/rule.ts';
import { armRule } from '../store/arm-rule.ts';
import { updateRule } from '../store/update-rule.ts';
import { wakeSlice } from '../store/wake-slice.ts';
import { toRuleMessage } from './messages/rule-message.ts';
import { requireRule, ruleNotFound } from './request-fields.ts';

/** Pauses or resumes a rule of the caller. A condition that is resumed waits for what is traded from then on, a slice goes on with the time left. */
export async function setRuleEnabled(deps: AutoDeps, { ruleId, enabled }: SetRuleEnabledRequest, context: CallContext) {
  const { db, nowMs, notifier, reachedNotifier } = deps;
  const facts = enabled ? await factsToResume(deps, ruleId, context) : undefined;
  const answer = await db.transaction(async (tx) => {
    const rule = await requireRule(tx, context, ruleId, { lock: true });
    if (rule.state === 'deleted') throw ruleNotFound();
    const changed = setEnabled(rule, enabled, { calendar: cronCalendar, nowMs: nowMs() });
    if (changed === undefined) throw refused(ErrorReason.RULE_DONE, 'it has run, and runs once');
    if (changed !== rule) {
      await updateRule(tx, changed);
      if (changed.hasBegun && enabled) await wakeSlice(tx, ruleId, nowMs());
      if (changed.state === 'enabled' && changed.trigger.type === 'price') {
        // Paused since it was read before.
        if (facts === undefined) throw unavailable();
        await armRule(tx, { ruleId, trigger: changed.trigger, facts, nowMs: nowMs() });
      }
    }
    return { rule: toRuleMessage(changed) };
  });
  notifier.notify();
  reachedNotifier.notify();
  return answer;
}

/** The book of a paused condition of the caller; read before the transaction, which is not open across a call. */
async function factsToResume({ db, market }: AutoDeps, ruleId: string, context: CallContext) {
  const { state, trigger } = await requireRule(db, context, ruleId);
  if (state !== 'paused' || trigger.type !== 'price') return undefined;
  return readBookFacts(market, trigger.symbol, context.signal);
}
