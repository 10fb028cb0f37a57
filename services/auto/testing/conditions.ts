/** What tests of price triggers share. */
import { expect } from 'vitest';
import { PriceDirection } from '#gen/outcry/auto/v1/auto_pb.ts';
import { consumerLease } from '#platform/feed/consume-feed.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createRule, type TermsInit, type TestReplica, type TestWorld } from './start-auto.ts';

/** The feed whose trades are judged. */
export const feedName = 'exchange.0';

/** Terms of an alert at a price of ACME. */
export function when(direction: PriceDirection, price: string, changes: Partial<TermsInit> = {}): TermsInit {
  const condition = { symbol: 'ACME', direction, price };
  return {
    name: 'watch',
    trigger: { case: 'condition', value: condition },
    action: { case: 'alert', value: { note: 'look' } },
    ...changes,
  };
}

/** A rule that a test has created. */
export type CreatedRule = Awaited<ReturnType<typeof createRule>>;

/** How a test looks at its rules; `current` gives the world and a replica of the test that runs. */
export function createLook(current: () => { world: TestWorld; service: TestReplica }) {
  return {
    stateOf: async ({ ruleId, as }: CreatedRule) => (await current().service.auto.getRule({ ruleId }, as)).rule?.state,
    runsOf: async ({ ruleId, as }: CreatedRule) => (await current().service.auto.listRuns({ ruleId }, as)).runs,
    /** Fires another trigger that is reached already: whatever was reached before has then been fired too. */
    async fireAnother(price: string) {
      const { world, service } = current();
      const { ruleId } = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, price));
      await eventually(() => expect(world.alerts().map((alert) => alert.ruleId)).toContain(ruleId));
      return ruleId;
    },
    async readLease() {
      const { rows } = await current().world.db.query<{ token: bigint; expire_time: Date }>(
        'SELECT token, expire_time FROM platform.lease WHERE name = $1',
        [consumerLease(feedName)],
      );
      return { token: rows[0]?.token, expireTimeMs: rows[0]?.expire_time.getTime() ?? 0 };
    },
  };
}
