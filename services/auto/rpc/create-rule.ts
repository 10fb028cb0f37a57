import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type CreateRuleRequest, CreateRuleResponseSchema } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { refused } from '#platform/errors/outcry-error.ts';
import { runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import type { AutoDeps } from '../deps.ts';
import { cronCalendar } from '../domain/cron-calendar.ts';
import { fingerprintOf, firstRun, type Rule, type RuleTerms, rulesPerAccountMax } from '../domain/rule.ts';
import { insertRule } from '../store/insert-rule.ts';
import { readTerms } from './messages/read-terms.ts';
import { toRuleMessage } from './messages/rule-message.ts';

/** Creates a rule of the caller, once under its key. */
export async function createRule(deps: AutoDeps, request: CreateRuleRequest, context: CallContext) {
  const { userId: accountId } = requireUser(context);
  const key = readKey(request.idempotencyKey);
  const timeMs = deps.nowMs();
  const terms = readTerms(request.terms, timeMs);
  for (const symbol of symbolsOf(terms)) await deps.requireListed(symbol, context.signal);
  const rule: Rule = {
    ...terms,
    ruleId: uuidV7(timeMs),
    accountId,
    state: 'enabled',
    nextRunTimeMs: firstRun(terms, cronCalendar, timeMs),
    createTimeMs: timeMs,
  };
  const answer = await storeUnderKey(deps.db, rule, key);
  if (answer.rule === undefined) throw rulesOverLimit();
  return answer;
}

/** Stores the rule and the answer of the key; an answer without a rule is the refusal of one too many. */
function storeUnderKey(db: Database, rule: Rule, key: string) {
  return db.transaction((tx) =>
    runIdempotent(tx, {
      scope: `create-rule:${rule.accountId}`,
      key,
      fingerprint: fingerprintOf(rule),
      run: async () => {
        const isStored = await insertRule(tx, rule, rulesPerAccountMax);
        return create(CreateRuleResponseSchema, isStored ? { rule: toRuleMessage(rule) } : {});
      },
      encode: (answer) => toBinary(CreateRuleResponseSchema, answer),
      decode: (bytes) => fromBinary(CreateRuleResponseSchema, bytes),
    }),
  );
}

function symbolsOf({ trigger, action }: RuleTerms): Set<string> {
  const symbols = new Set<string>();
  if (trigger.type === 'price') symbols.add(trigger.symbol);
  if (action.type === 'order') symbols.add(action.order.symbol);
  return symbols;
}

function rulesOverLimit() {
  const limit = String(rulesPerAccountMax);
  return refused(ErrorReason.RULES_OVER_LIMIT, 'the account has as many automations as it may', { limit });
}
