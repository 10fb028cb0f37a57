import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type CreateRuleRequest,
  type CreateRuleResponse,
  CreateRuleResponseSchema,
} from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { requireUser } from '#platform/auth/ownership.ts';
import { refused } from '#platform/errors/outcry-error.ts';
import { type IdempotentOptions, repeatIdempotent, runIdempotent } from '#platform/idempotency/run-idempotent.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { CallContext } from '#platform/rpc/server.ts';
import { readKey } from '#platform/validation/request-fields.ts';
import { requireOnGrid } from '../clients/book-grid.ts';
import { readBookFacts } from '../clients/last-price.ts';
import type { AutoDeps } from '../deps.ts';
import { cronCalendar } from '../domain/cron-calendar.ts';
import type { BookFacts } from '../domain/price-watch.ts';
import { fingerprintOf, firstRun, type Rule, type RuleTerms, rulesPerAccountMax } from '../domain/rule.ts';
import { armRule } from '../store/arm-rule.ts';
import { insertRule } from '../store/insert-rule.ts';
import { readTerms, requirePossible } from './messages/read-terms.ts';
import { toRuleMessage } from './messages/rule-message.ts';

/**
 * Creates a rule of the caller, once under its key. The key is looked up before anything that is true at the moment only: a repeat has its
 * answer though the market is away or the schedule has no further run.
 */
export async function createRule(deps: AutoDeps, request: CreateRuleRequest, context: CallContext) {
  const { userId: accountId } = requireUser(context);
  const terms = readTerms(request.terms);
  const keyed = keyedAnswer(accountId, readKey(request.idempotencyKey), terms);
  const repeated = await repeatIdempotent(deps.db, keyed);
  const answer = repeated?.answer ?? (await storeUnderKey(deps, await newRule(deps, accountId, terms, context), keyed));
  if (answer.rule === undefined) throw rulesOverLimit();
  return answer;
}

/** A rule, and the book that its condition waits for; undefined for a schedule. */
type NewRule = { rule: Rule; facts: BookFacts | undefined };

/** A new rule with these terms. Throws for terms that are not possible at the moment. */
async function newRule(deps: AutoDeps, accountId: string, terms: RuleTerms, { signal }: CallContext): Promise<NewRule> {
  const timeMs = deps.nowMs();
  requirePossible(terms, timeMs);
  for (const symbol of symbolsOf(terms)) await deps.requireListed(symbol, signal);
  const { trigger, action } = terms;
  if (action.type === 'slice') {
    await requireOnGrid(deps.market, action.slice.order, { field: 'terms.slice.order', signal });
  }
  const rule: Rule = {
    ...terms,
    trigger: trigger.type === 'once' ? { ...trigger, startMs: trigger.startMs ?? timeMs } : trigger,
    ruleId: uuidV7(timeMs),
    accountId,
    state: 'enabled',
    nextRunTimeMs: firstRun(terms, cronCalendar, timeMs),
    createTimeMs: timeMs,
    hasBegun: false,
  };
  return {
    rule,
    facts: trigger.type === 'price' ? await readBookFacts(deps.market, trigger.symbol, signal) : undefined,
  };
}

type KeyedAnswer = Omit<IdempotentOptions<CreateRuleResponse>, 'run'>;

function keyedAnswer(accountId: string, key: string, terms: RuleTerms): KeyedAnswer {
  return {
    scope: `create-rule:${accountId}`,
    key,
    fingerprint: fingerprintOf(terms),
    encode: (answer) => toBinary(CreateRuleResponseSchema, answer),
    decode: (bytes) => fromBinary(CreateRuleResponseSchema, bytes),
  };
}

/** Stores the rule, armed, and the answer of the key; an answer without a rule is the refusal of one too many. */
async function storeUnderKey(
  { db, nowMs, reachedNotifier }: AutoDeps,
  { rule, facts }: NewRule,
  keyed: KeyedAnswer,
): Promise<CreateRuleResponse> {
  const answer = await db.transaction((tx) => {
    const run = async () => {
      const isStored = await insertRule(tx, rule, rulesPerAccountMax);
      const { ruleId, trigger } = rule;
      if (isStored && trigger.type === 'price' && facts !== undefined) {
        await armRule(tx, { ruleId, trigger, facts, nowMs: nowMs() });
      }
      return create(CreateRuleResponseSchema, isStored ? { rule: toRuleMessage(rule) } : {});
    };
    return runIdempotent(tx, { ...keyed, run });
  });
  reachedNotifier.notify();
  return answer;
}

function symbolsOf({ trigger, action }: RuleTerms): Set<string> {
  const symbols = new Set<string>();
  if (trigger.type === 'price') symbols.add(trigger.symbol);
  if (action.type === 'order') symbols.add(action.order.symbol);
  if (action.type === 'slice') symbols.add(action.slice.order.symbol);
  return symbols;
}

function rulesOverLimit() {
  const limit = String(rulesPerAccountMax);
  return refused(ErrorReason.RULES_OVER_LIMIT, 'the account has as many automations as it may', { limit });
}
