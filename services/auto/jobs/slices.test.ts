import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RuleState, RunOutcome, SliceAlgorithm, SliceProfile } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { inSlices } from '../testing/slices.ts';
import { createRule, createTestWorld, marketOrder, type TestReplica, type TestWorld } from '../testing/start-auto.ts';

const dayMs = 24 * 3_600_000;

describe('slices', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeEach(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  type CreatedRule = Awaited<ReturnType<typeof createRule>>;
  const start = (terms = inSlices()) => createRule(world, service, terms);
  const runOf = async ({ ruleId, as }: CreatedRule) => (await service.auto.listRuns({ ruleId }, as)).runs[0];
  const stateOf = async ({ ruleId, as }: CreatedRule) => (await service.auto.getRule({ ruleId }, as)).rule?.state;
  /** The sizes of the orders by their numbers. */
  const sizes = () =>
    new Map(world.peers.calls.map(({ clientOrderId, terms }) => [Number(clientOrderId.split('-').at(-1)), terms?.size.value]));
  const sizesOnce = (count: number) => eventually(() => expect(sizes().size).toBe(count));
  /** Waits for so many orders with an outcome, and lets the clock pass to the time of another. */
  const step = async (rule: CreatedRule, attempts: number, byMs = 10_000) => {
    await eventually(async () => expect((await runOf(rule))?.attempts).toBe(attempts));
    world.skewMs += byMs;
  };
  const endedOnce = (rule: CreatedRule) =>
    eventually(async () => {
      const run = await runOf(rule);
      expect(run?.outcome).not.toBe(RunOutcome.PENDING);
      expect(run).toBeDefined();
      return run;
    });

  it('place equal orders at even intervals that are the whole together, and end', async () => {
    const rule = await start(inSlices({ limitPrice: '101.5' }));
    await eventually(async () => expect(await runOf(rule)).toMatchObject({ outcome: RunOutcome.PENDING, attempts: 1 }));
    expect(await stateOf(rule)).toBe(RuleState.ENABLED);
    for (const attempts of [1, 2, 3]) await step(rule, attempts);
    const run = await endedOnce(rule);
    expect([...sizes()]).toEqual([
      [0, '2'],
      [1, '2'],
      [2, '3'],
      [3, '3'],
    ]);
    expect(world.peers.calls.map(({ clientOrderId }) => clientOrderId)).toEqual([0, 1, 2, 3].map((index) => `auto-${run?.runId}-${index}`));
    for (const { terms } of world.peers.calls) {
      expect(terms).toMatchObject({ timeInForce: TimeInForce.IOC, limitPrice: '101.5' });
    }
    expect(run).toMatchObject({
      outcome: RunOutcome.DONE,
      attempts: 4,
      orderId: '',
      slice: { profile: SliceProfile.EVEN, quantity: '10', placedQuantity: '10', filledQuantity: '10', placedCount: 4 },
    });
    expect(await stateOf(rule)).toBe(RuleState.DONE);
    await eventually(() => expect(world.finished()).toMatchObject([{ name: 'large', run: { slice: run?.slice } }]));
  });

  it('leave what an order does not fill to those after it, and say what is left', async () => {
    world.peers.fillOf = () => '1';
    const rule = await start();
    for (const attempts of [1, 2, 3]) await step(rule, attempts);
    const run = await endedOnce(rule);
    expect([...sizes().values()]).toEqual(['2', '3', '4', '7']);
    expect(run).toMatchObject({ outcome: RunOutcome.DONE, slice: { placedQuantity: '16', filledQuantity: '4' } });
  });

  it('end as soon as the whole is filled', async () => {
    const rule = await start(inSlices({ quantity: '1' }));
    for (const skewMs of [0, 10_000, 10_000, 10_000]) world.skewMs += skewMs;
    const run = await endedOnce(rule);
    expect(run).toMatchObject({ outcome: RunOutcome.DONE, slice: { filledQuantity: '1', placedCount: 1 } });
  });

  it('go on after a refusal, which they tell; one of which all orders are refused is refused', async () => {
    world.peers.behaviour = 'refuse';
    const [some, none] = [await start(), await start()];
    await step(some, 1, 0);
    await step(none, 1, 40_000);
    const refusal = { reason: ErrorReason.CASH_INSUFFICIENT, metadata: { needed: '100.00', available: '1.00' } };
    expect(await endedOnce(none)).toMatchObject({ outcome: RunOutcome.REFUSED, ...refusal, slice: { refusedCount: 1 } });
    await endedOnce(some);
    const rule = await start();
    await step(rule, 1);
    world.peers.behaviour = 'place';
    for (const attempts of [2, 3]) await step(rule, attempts);
    expect(await endedOnce(rule)).toMatchObject({
      ...{ outcome: RunOutcome.DONE, ...refusal },
      slice: { placedQuantity: '10', filledQuantity: '10', placedCount: 3, refusedCount: 1 },
    });
  });

  it('place an order once that was placed by a process that died with the answer', async () => {
    world.peers.behaviour = 'lose-answer';
    const rule = await start(inSlices({ durationMs: 400_000 }));
    await eventually(() => expect(world.peers.orders.size).toBe(1));
    await service[Symbol.asyncDispose]();
    world.peers.behaviour = 'place';
    // Two more orders are due by then.
    world.skewMs = 220_000;
    service = await world.start();
    await step(rule, 2, 100_000);
    const run = await endedOnce(rule);
    expect([...sizes()]).toEqual([
      [0, '2'],
      [2, '4'],
      [3, '4'],
    ]);
    expect(world.peers.orders.size).toBe(3);
    expect(run).toMatchObject({ outcome: RunOutcome.DONE, slice: { filledQuantity: '10', placedCount: 3 } });
  });

  it('place an order as it was recorded by a process that died before it', async () => {
    world.peers.behaviour = 'unreachable';
    const rule = await start(inSlices({ durationMs: 400_000 }));
    await sizesOnce(1);
    await service[Symbol.asyncDispose]();
    const { rows } = await world.db.query('SELECT next_index, order_micros FROM slice');
    expect(rows).toEqual([{ next_index: 0, order_micros: 2_000_000n }]);
    expect(world.peers.orders.size).toBe(0);
    world.peers.behaviour = 'place';
    world.skewMs = 320_000;
    service = await world.start();
    const run = await endedOnce(rule);
    expect([...sizes()]).toEqual([
      [0, '2'],
      [3, '8'],
    ]);
    expect(run).toMatchObject({ outcome: RunOutcome.DONE, slice: { placedQuantity: '10', filledQuantity: '10' } });
  });

  it('end with the key of an order of which nothing is known a minute after their end', async () => {
    world.peers.behaviour = 'unreachable';
    const rule = await start();
    await sizesOnce(1);
    world.skewMs = 101_000;
    const run = await endedOnce(rule);
    expect(run).toMatchObject({
      outcome: RunOutcome.REFUSED,
      reason: ErrorReason.DEADLINE_EXPIRED,
      metadata: { client_order_id: `auto-${run?.runId}-0` },
    });
    expect(await stateOf(rule)).toBe(RuleState.DONE);
  });

  it('place each order once, from any number of replicas', async () => {
    await Promise.all([world.start(), world.start()]);
    const rules = await Promise.all(Array.from({ length: 5 }, () => start()));
    for (const attempts of [1, 2, 3]) {
      for (const rule of rules) await step(rule, attempts, 0);
      world.skewMs += 10_000;
    }
    for (const rule of rules) expect(await endedOnce(rule)).toMatchObject({ slice: { filledQuantity: '10' } });
    expect(world.peers.calls).toHaveLength(20);
    await eventually(() => expect(world.finished()).toHaveLength(5));
  });

  it('are never more than their share of what was traded since the order before', async () => {
    const startMs = Date.now() + 5_000;
    const trade = (afterMs: number, shares: number) => world.peers.traded.push({ timeMs: startMs + afterMs, shares });
    trade(-20_000, 900);
    trade(-4_000, 20);
    const trigger = { case: 'once', value: { startTime: timestampFromMs(startMs) } } as const;
    const rule = await start({ ...inSlices({ quantity: '40', maxPercent: '10' }), trigger });
    world.skewMs = 5_000;
    await step(rule, 1, 0);
    expect([...sizes().values()]).toEqual(['2']);
    trade(3_000, 300);
    world.skewMs += 10_000;
    // Nothing was traded before the third order, which is left out.
    await step(rule, 2, 20_000);
    await eventually(async () => expect(await stateOf(rule)).toBe(RuleState.DONE));
    expect([...sizes().values()]).toEqual(['2', '18']);
    expect(await runOf(rule)).toMatchObject({
      ...{ outcome: RunOutcome.DONE },
      slice: { quantity: '40', placedQuantity: '20', filledQuantity: '20', placedCount: 2 },
    });
  });

  it('are weighted by what was traded at these times in the days before', async () => {
    const startMs = Date.now() + 60_000;
    for (const [days, minute, shares] of [
      [1, 0, 30],
      [1, 2, 50],
      [7, 2, 20],
      [8, 0, 999],
    ] as const) {
      world.peers.traded.push({ timeMs: startMs - days * dayMs + minute * 60_000, shares });
    }
    const terms = { quantity: '100', algorithm: SliceAlgorithm.VWAP, durationMs: 240_000 };
    const trigger = { case: 'once', value: { startTime: timestampFromMs(Math.ceil(startMs / 60_000) * 60_000) } } as const;
    world.peers.traded = world.peers.traded.map(({ timeMs, shares }) => ({ timeMs: Math.ceil(timeMs / 60_000) * 60_000, shares }));
    world.peers.hasCandles = false;
    const rule = await start({ ...inSlices(terms), trigger });
    world.skewMs += Number(trigger.value.startTime.seconds) * 1_000 - Date.now();
    await eventually(async () => expect((await runOf(rule))?.outcome).toBe(RunOutcome.PENDING));
    world.peers.hasCandles = true;
    await step(rule, 1, 120_000);
    expect(await endedOnce(rule)).toMatchObject({
      ...{ outcome: RunOutcome.DONE },
      slice: { profile: SliceProfile.VOLUME, filledQuantity: '100', placedCount: 2 },
    });
    expect([...sizes()]).toEqual([
      [0, '30'],
      [2, '70'],
    ]);
  });

  it('are even without a history, and say so', async () => {
    const rule = await start(inSlices({ algorithm: SliceAlgorithm.VWAP }));
    await step(rule, 1, 0);
    expect(await runOf(rule)).toMatchObject({ slice: { profile: SliceProfile.EVEN, placedQuantity: '2' } });
  });

  it('place nothing while they are paused, and go on with the time that is left', async () => {
    const rule = await start();
    const { ruleId, as } = rule;
    await step(rule, 1, 0);
    await service.auto.setRuleEnabled({ ruleId, enabled: false }, as);
    world.skewMs += 20_000;
    // A pass over everything that is due has gone by when another rule has begun.
    const other = await start();
    await step(other, 1, 0);
    expect((await runOf(rule))?.attempts).toBe(1);
    await service.auto.setRuleEnabled({ ruleId, enabled: true }, as);
    await step(rule, 2, 10_000);
    expect((await endedOnce(rule))?.slice).toMatchObject({ filledQuantity: '10', placedCount: 3 });
    const paused = await start();
    await step(paused, 1, 0);
    await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: false }, paused.as);
    world.skewMs += 40_000;
    expect(await endedOnce(paused)).toMatchObject({ outcome: RunOutcome.DONE, slice: { filledQuantity: '2' } });
    const resume = service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: true }, paused.as);
    await expect(resume).rejects.toMatchObject({ reason: ErrorReason.RULE_DONE });
  });

  it('end at once when their owner deletes them', async () => {
    const rule = await start();
    await step(rule, 1, 0);
    await service.auto.deleteRule({ ruleId: rule.ruleId }, rule.as);
    expect(await endedOnce(rule)).toMatchObject({
      ...{ outcome: RunOutcome.REFUSED, reason: ErrorReason.RULE_NOT_FOUND },
      slice: { filledQuantity: '2' },
    });
    expect(await stateOf(rule)).toBe(RuleState.DELETED);
  });

  it('are missed when no replica was up until their end', async () => {
    const trigger = { case: 'once', value: { startTime: timestampFromMs(Date.now() + 60_000) } } as const;
    const rule = await start({ ...inSlices(), trigger });
    expect(rule).toMatchObject({ nextRunTime: trigger.value.startTime, terms: { trigger } });
    await service[Symbol.asyncDispose]();
    world.skewMs = 60_000 + 40_001;
    service = await world.start();
    expect(await endedOnce(rule)).toMatchObject({ outcome: RunOutcome.MISSED, scheduledTime: trigger.value.startTime });
    expect(world.peers.calls).toEqual([]);
  });

  it('leave a plain order at a time alone: it is placed once, and its rule is done', async () => {
    const rule = await start({ name: 'later', trigger: { case: 'once', value: {} }, action: marketOrder });
    expect(await endedOnce(rule)).toMatchObject({ outcome: RunOutcome.DONE, attempts: 1 });
    expect((await runOf(rule))?.slice).toBeUndefined();
    expect(await stateOf(rule)).toBe(RuleState.DONE);
    expect(world.peers.calls).toHaveLength(1);
  });
});
