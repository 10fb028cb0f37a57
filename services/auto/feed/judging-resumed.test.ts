import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PriceDirection, RuleState } from '#gen/outcry/auto/v1/auto_pb.ts';
import { consumerLease } from '#platform/feed/consume-feed.ts';
import { readFeedState } from '#platform/feed/feed-state.ts';
import { resumeFeed } from '#platform/feed/resume-feed.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createLook, feedName, when } from '../testing/conditions.ts';
import { createRule, createTestWorld, leaseTtlMs, type TestReplica, type TestWorld } from '../testing/start-auto.ts';

describe('price triggers, when replicas or histories end,', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeEach(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const { stateOf, fireAnother, readLease } = createLook(() => ({ world, service }));

  it('fire afterwards, each once, for what was traded while no replica was up', async () => {
    const rules = [];
    for (const price of ['110', '112', '130']) {
      rules.push(await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, price)));
    }
    await service[Symbol.asyncDispose]();
    world.peers.feed.trade('ACME', '100', '112', '100');
    // As of a process that died between judging and firing.
    const [first, , last] = rules.map(({ ruleId }) => ruleId);
    await world.db.query(
      `UPDATE rule SET reach_sequence = 1, reach_price_micros = 135000000, attempts = 1, next_attempt_time = now() WHERE rule_id = $1`,
      [last],
    );
    service = await world.start();
    await world.start();
    await eventually(() => expect(world.alerts()).toHaveLength(3));
    world.peers.feed.trade('ACME', '135', '100');
    await fireAnother('90');
    expect(world.alerts().filter(({ ruleId }) => ruleId === first)).toHaveLength(1);
    expect(world.alerts()).toHaveLength(4);
    for (const rule of rules) expect(await stateOf(rule)).toBe(RuleState.DONE);
  });

  it('begin with what is traded after the first start', async () => {
    await eventually(async () => expect((await readFeedState(world.db, feedName)).sequence).toBeGreaterThan(0n));
    const rule = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '101'));
    const { rows } = await world.db.query('SELECT armed_sequence, threshold_ticks FROM rule');
    expect(rows).toEqual([{ armed_sequence: 1n, threshold_ticks: 10_100n }]);
    expect(await stateOf(rule)).toBe(RuleState.ENABLED);
  });

  it('confirm to the exchange what was judged for good, and nothing beyond', async () => {
    await fireAnother('90');
    const head = BigInt(world.peers.feed.events.length);
    await eventually(() => expect(world.peers.feed.confirmed).toContainEqual({ follower: 'auto', sequence: head }));
    expect(world.peers.feed.confirmed.every(({ sequence }) => sequence <= head)).toBe(true);
  });

  it('of an earlier release are armed, and fire', async () => {
    const reached = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '160'));
    const waiting = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '170'));
    await service[Symbol.asyncDispose]();
    await world.db.query(
      'UPDATE rule SET threshold_ticks = NULL, tick_micros = NULL, armed_sequence = NULL, armed_epoch = NULL',
    );
    world.peers.setPrice('ACME', '165');
    service = await world.start();
    await eventually(async () => expect(await stateOf(reached)).toBe(RuleState.DONE));
    world.peers.feed.trade('ACME', '170', '100');
    await eventually(async () => expect(await stateOf(waiting)).toBe(RuleState.DONE));
  });

  it('halt when the exchange has lost its history, and go on from where an operator says', async () => {
    await eventually(() => expect(world.peers.feed.followers).toBe(1));
    world.peers.feed.trade('ACME', '101', '102', '103');
    await eventually(async () => expect((await readFeedState(world.db, feedName)).sequence).toBe(4n));
    const rule = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '110'));
    world.peers.feed.loseHistory('two');
    world.peers.feed.trade('ACME', '120', '100');
    await eventually(async () => expect((await readFeedState(world.db, feedName)).halt).toBeDefined());
    expect(await stateOf(rule)).toBe(RuleState.ENABLED);
    await resumeFeed(world.db, feedName, 2n);
    // Before the sequence at which the rule was armed in the other history.
    world.peers.feed.trade('ACME', '111', '100');
    await eventually(() => expect(world.alerts()).toMatchObject([{ price: '111.00' }]));
    expect(await stateOf(rule)).toBe(RuleState.DONE);
  });

  it('fire once and over one stream with several replicas, and go on when the one that watches ends', async () => {
    const others = [await world.start(), await world.start()];
    const rules = await Promise.all(
      Array.from({ length: 5 }, () => createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '120'))),
    );
    await eventually(() => expect(world.peers.feed.followers).toBe(1));
    // Renewed past its time to live while the others competed for it.
    const start = await readLease();
    const endTimeMs = start.expireTimeMs + leaseTtlMs;
    await eventually(async () => expect((await readLease()).expireTimeMs).toBeGreaterThan(endTimeMs));
    expect((await readLease()).token).toBe(start.token);
    expect(world.peers.feed.followers).toBe(1);
    await service[Symbol.asyncDispose]();
    service = others[0] as TestReplica;
    world.peers.setPrice('ACME', '120');
    await eventually(() => expect(world.alerts()).toHaveLength(5));
    const last = await fireAnother('120');
    const alerted = world.alerts().map(({ ruleId }) => ruleId);
    expect(alerted.toSorted()).toEqual([...rules.map(({ ruleId }) => ruleId), last].toSorted());
    await eventually(() => expect(world.peers.feed.followers).toBe(1));
  });

  it('are not reached for a replica that lost the lease, and fire once for the one that follows', async () => {
    const rule = await createRule(world, service, when(PriceDirection.AT_OR_ABOVE, '500'));
    await eventually(() => expect(world.peers.feed.followers).toBe(1));
    const { token } = await readLease();
    // Taken over by one that has not judged anything yet.
    await world.db.query(
      'UPDATE platform.lease SET token = token + 1, expire_time = now() + $2::interval WHERE name = $1',
      [consumerLease(feedName), `${2 * leaseTtlMs} ms`],
    );
    world.peers.feed.trade('ACME', '500', '100');
    await eventually(async () => expect(await stateOf(rule)).toBe(RuleState.DONE));
    // That one's time had to end first.
    expect((await readLease()).token).toBeGreaterThanOrEqual((token ?? 0n) + 2n);
    const last = await fireAnother('90');
    expect(world.alerts().map(({ ruleId }) => ruleId)).toEqual([rule.ruleId, last]);
  });
});
