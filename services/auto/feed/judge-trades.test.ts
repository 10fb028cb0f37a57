import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PriceDirection, RuleState, RunOutcome } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { readFeedState } from '#platform/feed/feed-state.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { createLook, feedName, when } from '../testing/conditions.ts';
import { createRule, createTestWorld, marketOrder, type TestReplica, type TestWorld } from '../testing/start-auto.ts';

describe('price triggers', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeEach(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const { stateOf, runsOf, fireAnother } = createLook(() => ({ world, service }));

  it('raise an alert once, when the last price reaches the threshold, and not before', async () => {
    const above = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '105.50'));
    const below = await createRule(world, service, when(PriceDirection.AT_OR_BELOW, '95'));
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

  it('fire for a spike of one trade, alerts and orders alike, by the first trade that reaches them', async () => {
    const alert = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '110'));
    const order = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '110', { action: marketOrder }));
    const low = await createRule(world, service, when(PriceDirection.AT_OR_BELOW, '90'));
    const higher = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '115.01'));
    world.peers.feed.trade('ACME', '109.99', '110.50', '115', '100', '89', '100');
    await eventually(async () => expect(await runsOf(order)).toMatchObject([{ outcome: RunOutcome.DONE }]));
    await eventually(() => expect(world.alerts()).toHaveLength(2));
    const prices = new Map(world.alerts().map(({ ruleId, price }) => [ruleId, price]));
    expect(prices).toEqual(
      new Map([
        [alert.ruleId, '110.50'],
        [low.ruleId, '89.00'],
      ]),
    );
    expect(await stateOf(higher)).toBe(RuleState.ENABLED);
    expect(world.peers.orders.size).toBe(1);
  });

  it('do not fire for what was traded before they were created or resumed, however late it is judged', async () => {
    const earlier = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '110'));
    const paused = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '110'));
    await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: false }, paused.as);
    world.peers.feed.isHeld = true;
    world.peers.feed.trade('ACME', '120');
    world.peers.setPrice('ACME', '100');
    const later = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '110'));
    await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: true }, paused.as);
    world.peers.feed.release();
    await eventually(async () => expect(await stateOf(earlier)).toBe(RuleState.DONE));
    expect(await stateOf(later)).toBe(RuleState.ENABLED);
    expect(await stateOf(paused)).toBe(RuleState.ENABLED);
    world.peers.setPrice('ACME', '111');
    await eventually(() => expect(world.alerts()).toHaveLength(3));
  });

  it('are judged by what was traded, where the market is behind', async () => {
    await eventually(() => expect(world.peers.feed.followers).toBe(1));
    world.peers.feed.trade('ACME', '150');
    await eventually(async () => expect((await readFeedState(world.db, feedName)).sequence).toBe(2n));
    world.peers.feed.lastOf = () => 1n;
    const rule = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '140'));
    await eventually(() => expect(world.alerts()).toMatchObject([{ price: '150.00' }]));
    expect(await stateOf(rule)).toBe(RuleState.DONE);
  });

  it('are refused while the market cannot say the last price; a repeat of what was created is answered', async () => {
    const as = { userToken: await world.identity.userToken({ userId: uuidV7() }) };
    const request = { idempotencyKey: 'watch', terms: when(PriceDirection.AT_OR_ABOVE, '110') };
    const created = await service.auto.createRule(request, as);
    world.peers.hasQuotes = false;
    expect(await service.auto.createRule(request, as)).toEqual(created);
    const other = service.auto.createRule({ ...request, idempotencyKey: 'other' }, as);
    expect((await failureOf(other)).code).toBe(Code.UNAVAILABLE);
  });

  it('are fired though another one cannot be', async () => {
    const bad = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '140'));
    // Its run violates a rule of the table, as a row of a damaged rule would.
    await world.db.query(`ALTER TABLE run ADD CONSTRAINT no_bad_run CHECK (rule_id <> '${bad.ruleId}')`);
    const others = await Promise.all(
      Array.from({ length: 5 }, () => createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '140'))),
    );
    world.peers.setPrice('ACME', '140');
    await eventually(async () => {
      for (const rule of others) expect(await stateOf(rule)).toBe(RuleState.DONE);
    });
    expect(await stateOf(bad)).toBe(RuleState.ENABLED);
  });

  it('wait on when another symbol is no longer listed', async () => {
    const gone = await createRule(world, service, {
      ...when(PriceDirection.AT_OR_ABOVE, '1'),
      trigger: { case: 'condition', value: { symbol: 'BETA', direction: PriceDirection.AT_OR_ABOVE, price: '1' } },
    });
    world.peers.prices.delete('BETA');
    const rule = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '110'));
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
