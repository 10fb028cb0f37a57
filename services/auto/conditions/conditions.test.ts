import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PriceDirection, RuleState, RunOutcome } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { LeaseLostError } from '#platform/postgres/lease.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { pause } from '#platform/time/pause.ts';
import { findRule } from '../store/find-rule.ts';
import {
  arrange,
  createTestWorld,
  marketOrder,
  type TermsInit,
  type TestReplica,
  type TestWorld,
} from '../testing/start-auto.ts';
import { fire } from './fire.ts';

function when(direction: PriceDirection, price: string, changes: Partial<TermsInit> = {}): TermsInit {
  const condition = { symbol: 'ACME', direction, price };
  return {
    name: 'watch',
    trigger: { case: 'condition', value: condition },
    action: { case: 'alert', value: { note: 'look' } },
    ...changes,
  };
}

describe('conditions', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeEach(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  type Arranged = Awaited<ReturnType<typeof arrange>>;
  const stateOf = async ({ ruleId, as }: Arranged) => (await service.auto.getRule({ ruleId }, as)).rule?.state;
  const runsOf = async ({ ruleId, as }: Arranged) => (await service.auto.listRuns({ ruleId }, as)).runs;
  const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 50 });
  const settle = () => pause(1_300);

  it('raise an alert once, when the last price reaches the threshold, and not before', async () => {
    const above = await arrange(world, service, when(PriceDirection.AT_OR_ABOVE, '105.50'));
    const below = await arrange(world, service, when(PriceDirection.AT_OR_BELOW, '95'));
    await until(() => expect(world.peers.streamed).toEqual(['ACME']));
    world.peers.setPrice('ACME', '105.49');
    await settle();
    expect(await stateOf(above)).toBe(RuleState.ENABLED);
    world.peers.setPrice('ACME', '106');
    await until(() => expect(world.alerts()).toHaveLength(1));
    expect(world.alerts()[0]).toMatchObject({
      accountId: above.accountId,
      ruleId: above.ruleId,
      name: 'watch',
      price: '106.00',
      note: 'look',
      condition: { symbol: 'ACME', direction: PriceDirection.AT_OR_ABOVE, price: '105.50' },
    });
    expect(await stateOf(above)).toBe(RuleState.DONE);
    expect(await stateOf(below)).toBe(RuleState.ENABLED);
    expect(await runsOf(above)).toMatchObject([{ outcome: RunOutcome.DONE, orderId: '' }]);
    world.peers.setPrice('ACME', '107');
    world.peers.setPrice('ACME', '90');
    await until(() => expect(world.alerts()).toHaveLength(2));
    await settle();
    expect(world.alerts()).toHaveLength(2);
  });

  it('place an order, also when the price is there already as they are arranged', async () => {
    const rule = await arrange(world, service, when(PriceDirection.AT_OR_BELOW, '100', { action: marketOrder }));
    await until(async () => expect(await runsOf(rule)).toMatchObject([{ outcome: RunOutcome.DONE }]));
    const [run] = await runsOf(rule);
    expect(run?.orderId).toBe(world.peers.orders.get(`${rule.accountId} auto-${run?.runId}`));
    expect(world.alerts()).toEqual([]);
  });

  it('come true once and over one stream with several replicas, and go on when the one that watches ends', async () => {
    const others = [await world.start(), await world.start()];
    const rules = await Promise.all(
      Array.from({ length: 5 }, () => arrange(world, service, when(PriceDirection.AT_OR_ABOVE, '120'))),
    );
    await until(() => expect(world.peers.streams).toBe(1));
    await settle();
    expect(world.peers.streams).toBe(1);
    await service[Symbol.asyncDispose]();
    service = others[0] as TestReplica;
    world.peers.setPrice('ACME', '120');
    await until(() => expect(world.alerts()).toHaveLength(5));
    await settle();
    expect(new Set(world.alerts().map(({ ruleId }) => ruleId))).toEqual(new Set(rules.map(({ ruleId }) => ruleId)));
    expect(world.alerts()).toHaveLength(5);
    expect(world.peers.streams).toBe(0);
  });

  it('do not come true by one who lost the lease', async () => {
    const { ruleId } = await arrange(world, service, when(PriceDirection.AT_OR_ABOVE, '500'));
    await until(() => expect(world.peers.streams).toBe(1));
    const rule = await findRule(world.db, ruleId);
    if (rule?.trigger.type !== 'condition') throw new Error('no condition');
    const deps = { db: world.db, now: Date.now, notifier: createNotifier() };
    const stale = fire(deps, rule, { condition: rule.trigger, priceMicros: 1n, token: 0n });
    await expect(stale).rejects.toThrow(LeaseLostError);
    expect((await findRule(world.db, ruleId))?.state).toBe('enabled');
  });

  it('wait on when another symbol is no longer listed', async () => {
    const gone = await arrange(world, service, {
      ...when(PriceDirection.AT_OR_ABOVE, '1'),
      trigger: { case: 'condition', value: { symbol: 'BETA', direction: PriceDirection.AT_OR_ABOVE, price: '1' } },
    });
    await until(() => expect(world.peers.streamed).toEqual(['BETA']));
    world.peers.prices.delete('BETA');
    const rule = await arrange(world, service, when(PriceDirection.AT_OR_ABOVE, '110'));
    await until(() => expect(world.peers.streamed).toEqual(['ACME']));
    world.peers.setPrice('ACME', '110');
    await until(async () => expect(await stateOf(rule)).toBe(RuleState.DONE));
    expect(await stateOf(gone)).toBe(RuleState.ENABLED);
  });

  it('are not resumed once they came true, and sleep while they are paused', async () => {
    const paused = await arrange(world, service, when(PriceDirection.AT_OR_ABOVE, '130'));
    const done = await arrange(world, service, when(PriceDirection.AT_OR_ABOVE, '130'));
    await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: false }, paused.as);
    world.peers.setPrice('ACME', '130');
    await until(async () => expect(await stateOf(done)).toBe(RuleState.DONE));
    expect(await stateOf(paused)).toBe(RuleState.PAUSED);
    const resume = service.auto.setRuleEnabled({ ruleId: done.ruleId, enabled: true }, done.as);
    expect(await failureOf(resume)).toMatchObject({ reason: ErrorReason.RULE_DONE });
    await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: true }, paused.as);
    await until(async () => expect(await stateOf(paused)).toBe(RuleState.DONE));
  });
});
