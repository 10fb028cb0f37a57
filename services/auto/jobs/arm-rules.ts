/** Arms the conditions that an earlier release has created. */
import { runPeriodically } from '#platform/lifecycle/run-periodically.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { readBookFacts } from '../clients/last-price.ts';
import type { AutoDeps } from '../deps.ts';
import type { Rule } from '../domain/rule.ts';
import { armRule } from '../store/arm-rule.ts';
import { listUnarmedRules } from '../store/list-unarmed-rules.ts';

const pauseMs = 1_000;
const rulesMax = 100;
const firstId = '00000000-0000-0000-0000-000000000000';

/** Looks every second, on every replica, until the signal aborts. A condition that cannot be armed delays no other. Never rejects. */
export function armRules(deps: AutoDeps, { signal, logger }: { signal: AbortSignal; logger: Logger }): Promise<void> {
  let after = firstId;
  const work = async () => {
    const rules = await listUnarmedRules(deps.db, { after, limit: rulesMax });
    for (const rule of rules) {
      await armOne(deps, rule, signal).catch((error: unknown) => {
        logger.warn({ ruleId: rule.ruleId, error }, 'a condition cannot be armed yet');
      });
    }
    const isMore = rules.length === rulesMax;
    after = (isMore && rules.at(-1)?.ruleId) || firstId;
    return isMore;
  };
  return runPeriodically({ name: 'unarmed conditions', work, pauseMs, signal, logger });
}

async function armOne(
  { db, market, nowMs, reachedNotifier }: AutoDeps,
  { ruleId, trigger }: Rule,
  signal: AbortSignal,
): Promise<void> {
  if (trigger.type !== 'price') return;
  const facts = await readBookFacts(market, trigger.symbol, signal);
  await db.transaction((tx) => armRule(tx, { ruleId, trigger, facts, nowMs: nowMs() }));
  reachedNotifier.notify();
}
