import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PriceDirection, RuleState, RunOutcome } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { createNotifier } from '#platform/concurrency/notifier.ts';
import { LeaseLostError } from '#platform/postgres/lease.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { findRule } from '../store/find-rule.ts';
import {
  createRule,
  createTestWorld,
  leaseTtlMs,
  marketOrder,
  type TermsInit,
  type TestReplica,
  type TestWorld,
} from '../testing/start-auto.ts';
import { firePriceTrigger, watchLease } from './fire-price-trigger.ts';

function when(direction: PriceDirection, price: string, changes: Partial<TermsInit> = {}): TermsInit {
  const condition = { symbol: 'ACME', direction, price };
  return {
    name: 'watch',
    trigger: { case: 'condition', value: condition },
    action: { case: 'alert', value: { note: 'look' } },
    ...changes,
  };
}

describe('price triggers', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeEach(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  type CreatedRule = Awaited<ReturnType<typeof createRule>>;
  const stateOf = async ({ ruleId, as }: CreatedRule) => (await service.auto.getRule({ ruleId }, as)).rule?.state;
  const readLease = async () => {
    const { rows } = await world.db.query<{ token: bigint; expire_time: Date }>(
      'SELECT token, expire_time FROM platform.lease WHERE name = $1',
      [watchLease],
    );
    return { token: rows[0]?.token, expireTimeMs: rows[0]?.expire_time.getTime() ?? 0 };
  };
  const runsOf = async ({ ruleId, as }: CreatedRule) => (await service.auto.listRuns({ ruleId }, as)).runs;
  /** Fires another trigger that is reached already: whatever was reached before has then been fired too. */
  const fireAnother = async (price: string) => {
    const { ruleId } = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, price));
    await eventually(() => expect(world.alerts().map((alert) => alert.ruleId)).toContain(ruleId));
    return ruleId;
  };

  it('raise an alert once, when the last price reaches the threshold, and not before', async () => {
    const above = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '105.50'));
    const below = await createRule(world, service, when(PriceDirection.AT_OR_BELOW, '95'));
    await eventually(() => expect(world.peers.streamed).toEqual(['ACME']));
    world.peers.setPrice('ACME', '105.49');
    const first = await fireAnother('105.49');
    expect(await stateOf(above)).toBe(RuleState.ENABLED);
    world.peers.setPrice('ACME', '106');
    await eventually(() => expect(world.alerts()).toHaveLength(2));
    expect(world.alerts()[1]).toMatchObject({
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
    await eventually(() => expect(world.alerts()).toHaveLength(3));
    const last = await fireAnother('90');
    const alerted = world.alerts().map(({ ruleId }) => ruleId);
    expect(alerted).toEqual([first, above.ruleId, below.ruleId, last]);
  });

  it('place an order, also when the price is reached already as they are created', async () => {
    const rule = await createRule(world, service, when(PriceDirection.AT_OR_BELOW, '100', { action: marketOrder }));
    await eventually(async () => expect(await runsOf(rule)).toMatchObject([{ outcome: RunOutcome.DONE }]));
    const [run] = await runsOf(rule);
    expect(run?.orderId).toBe(world.peers.orders.get(`${rule.accountId} auto-${run?.runId}`));
    expect(world.alerts()).toEqual([]);
  });

  it('fire once and over one stream with several replicas, and go on when the one that watches ends', async () => {
    const others = [await world.start(), await world.start()];
    const rules = await Promise.all(
      Array.from({ length: 5 }, () => createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '120'))),
    );
    await eventually(() => expect(world.peers.streams).toBe(1));
    // Renewed past its time to live while the others competed for it.
    const start = await readLease();
    const endTimeMs = start.expireTimeMs + leaseTtlMs;
    await eventually(async () => expect((await readLease()).expireTimeMs).toBeGreaterThan(endTimeMs));
    expect((await readLease()).token).toBe(start.token);
    expect(world.peers.streams).toBe(1);
    await service[Symbol.asyncDispose]();
    service = others[0] as TestReplica;
    world.peers.setPrice('ACME', '120');
    await eventually(() => expect(world.alerts()).toHaveLength(5));
    const last = await fireAnother('120');
    const alerted = world.alerts().map(({ ruleId }) => ruleId);
    expect(alerted.toSorted()).toEqual([...rules.map(({ ruleId }) => ruleId), last].toSorted());
    await eventually(() => expect(world.peers.streams).toBe(0));
  });

  it('are fired though another one cannot be', async () => {
    const bad = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '140'));
    // Its run violates a rule of the table, as a row of a damaged rule would.
    await world.db.query(`ALTER TABLE run ADD CONSTRAINT no_bad_run CHECK (rule_id <> '${bad.ruleId}')`);
    const others = await Promise.all(
      Array.from({ length: 5 }, () => createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '140'))),
    );
    await eventually(() => expect(world.peers.streamed).toEqual(['ACME']));
    world.peers.setPrice('ACME', '140');
    await eventually(async () => {
      for (const rule of others) expect(await stateOf(rule)).toBe(RuleState.DONE);
    });
    expect(await stateOf(bad)).toBe(RuleState.ENABLED);
  });

  it('are not fired by a replica that lost the lease', async () => {
    const { ruleId } = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '500'));
    await eventually(() => expect(world.peers.streams).toBe(1));
    const rule = await findRule(world.db, ruleId);
    if (rule?.trigger.type !== 'price') throw new Error('no price trigger');
    const deps = { db: world.db, nowMs: Date.now, notifier: createNotifier() };
    const stale = firePriceTrigger(deps, rule, { trigger: rule.trigger, priceMicros: 1n, token: 0n });
    await expect(stale).rejects.toThrow(LeaseLostError);
    expect((await findRule(world.db, ruleId))?.state).toBe('enabled');
  });

  it('wait on when another symbol is no longer listed', async () => {
    const gone = await createRule(world, service, {
      ...when(PriceDirection.AT_OR_ABOVE, '1'),
      trigger: { case: 'condition', value: { symbol: 'BETA', direction: PriceDirection.AT_OR_ABOVE, price: '1' } },
    });
    await eventually(() => expect(world.peers.streamed).toEqual(['BETA']));
    world.peers.prices.delete('BETA');
    const rule = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '110'));
    await eventually(() => expect(world.peers.streamed).toEqual(['ACME']));
    world.peers.setPrice('ACME', '110');
    await eventually(async () => expect(await stateOf(rule)).toBe(RuleState.DONE));
    expect(await stateOf(gone)).toBe(RuleState.ENABLED);
  });

  it('are not resumed once they have fired, and do not fire while paused', async () => {
    const paused = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '130'));
    const done = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '130'));
    await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: false }, paused.as);
    world.peers.setPrice('ACME', '130');
    await eventually(async () => expect(await stateOf(done)).toBe(RuleState.DONE));
    expect(await stateOf(paused)).toBe(RuleState.PAUSED);
    const resume = service.auto.setRuleEnabled({ ruleId: done.ruleId, enabled: true }, done.as);
    expect(await failureOf(resume)).toMatchObject({ reason: ErrorReason.RULE_DONE });
    await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: true }, paused.as);
    await eventually(async () => expect(await stateOf(paused)).toBe(RuleState.DONE));
  });
});
