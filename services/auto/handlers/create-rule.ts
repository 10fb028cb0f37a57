import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type AutoService, CreateRuleResponseSchema } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { refused } from '#platform/errors/outcry-error.ts';
import { runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Implementation } from '#platform/rpc/server.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { AutoDeps } from '../auto-deps.ts';
import { cronCalendar } from '../calendar/cron-calendar.ts';
import { fingerprintOf, firstRun, type Rule, type RuleTerms, rulesPerAccountMax } from '../domain/rule.ts';
import { insertRule } from '../store/insert-rule.ts';
import { readTerms } from '../wire/read-terms.ts';
import { ruleMessage } from '../wire/rule-message.ts';

/** CreateRule. Under the key the answer is kept; an answer without a rule is the refusal of one too many. */
export function createRule(deps: AutoDeps): Implementation<typeof AutoService>['createRule'] {
  const { db, now, symbols } = deps;
  return async (request, context) => {
    const { userId: accountId } = requireUser(context);
    const key = readKey(request.idempotencyKey);
    const nowMs = now();
    const terms = readTerms(request.terms, nowMs);
    for (const symbol of symbolsOf(terms)) await symbols(symbol, context.signal);
    const rule: Rule = {
      ...terms,
      ruleId: uuidV7(nowMs),
      accountId,
      state: 'enabled',
      nextRunTimeMs: firstRun(terms, cronCalendar, nowMs),
      createTimeMs: nowMs,
    };
    const answer = await db.transaction((tx) =>
      runIdempotent(tx, {
        scope: `create-rule:${accountId}`,
        key,
        fingerprint: fingerprintOf(terms),
        run: async () => {
          const isKept = await insertRule(tx, rule, rulesPerAccountMax);
          return create(CreateRuleResponseSchema, isKept ? { rule: ruleMessage(rule) } : {});
        },
        encode: (kept) => toBinary(CreateRuleResponseSchema, kept),
        decode: (bytes) => fromBinary(CreateRuleResponseSchema, bytes),
      }),
    );
    if (answer.rule === undefined) throw rulesOverLimit();
    return answer;
  };
}

function symbolsOf({ trigger, action }: RuleTerms): Set<string> {
  const symbols = new Set<string>();
  if (trigger.type === 'condition') symbols.add(trigger.symbol);
  if (action.type === 'order') symbols.add(action.order.symbol);
  return symbols;
}

function rulesOverLimit() {
  const limit = String(rulesPerAccountMax);
  return refused(ErrorReason.RULES_OVER_LIMIT, 'the account has as many automations as it may', { limit });
}
