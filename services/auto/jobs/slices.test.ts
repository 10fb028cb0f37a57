import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RuleState, RunOutcome, SliceAlgorithm, SliceProfile } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createSliceLook, inSlices } from '../testing/slices.ts';
import { createTestWorld, marketOrder, type TestReplica, type TestWorld } from '../testing/start-auto.ts';

const dayMs = 24 * 3_600_000;

describe('slices', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeEach(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterEach(() => world[Symbol.asyncDispose]());
  const { start, runOf, stateOf, sizes, step, endedOnce } = createSliceLook(() => ({ world, service }));

  it('place equal orders at even intervals that are the whole together, and end', async () => {
    const rule = await start(inSlices({ limitPrice: '101.5' }));
    await eventually(async () => expect(await runOf(rule)).toMatchObject({ outcome: RunOutcome.PENDING, attempts: 1 }));
    expect(await stateOf(rule)).toBe(RuleState.ENABLED);
    for (const attempts of [1, 2, 3]) await step(rule, attempts);
    const run = await endedOnce(rule);
    expect([...sizes()]).toEqual([
      [0, '3'],
      [1, '2'],
      [2, '3'],
      [3, '2'],
    ]);
    expect(world.peers.calls.map(({ clientOrderId }) => clientOrderId)).toEqual(
      [0, 1, 2, 3].map((index) => `auto-${run?.runId}-${index}`),
    );
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
    expect([...sizes().values()]).toEqual(['3', '3', '4', '7']);
    expect(run).toMatchObject({ outcome: RunOutcome.DONE, slice: { placedQuantity: '17', filledQuantity: '4' } });
  });

  it('end as soon as the whole is filled', async () => {
    const rule = await start(inSlices({ quantity: '1' }));
    for (const skewMs of [0, 100_000, 100_000, 100_000]) world.skewMs += skewMs;
    const run = await endedOnce(rule);
    expect(run).toMatchObject({ outcome: RunOutcome.DONE, slice: { filledQuantity: '1', placedCount: 1 } });
  });

  it('go on after a refusal, which they tell; one of which all orders are refused is refused', async () => {
    world.peers.behaviour = 'refuse';
    const [some, none] = [await start(), await start()];
    await step(some, 1, 0);
    await step(none, 1, 400_000);
    const refusal = { reason: ErrorReason.CASH_INSUFFICIENT, metadata: { needed: '100.00', available: '1.00' } };
    expect(await endedOnce(none)).toMatchObject({
      outcome: RunOutcome.REFUSED,
      ...refusal,
      slice: { refusedCount: 1 },
    });
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

  it('are never more than their share of what was traded since the order before', async () => {
    const startMs = Date.now() + 5_000;
    const trade = (afterMs: number, shares: number) => world.peers.traded.push({ timeMs: startMs + afterMs, shares });
    trade(-200_000, 900);
    trade(-40_000, 20);
    const trigger = { case: 'once', value: { startTime: timestampFromMs(startMs) } } as const;
    const rule = await start({ ...inSlices({ quantity: '40', maxPercent: '10' }), trigger });
    world.skewMs = 5_000;
    await step(rule, 1, 0);
    expect([...sizes().values()]).toEqual(['2']);
    trade(30_000, 300);
    world.skewMs += 100_000;
    // Nothing was traded before the third order, which is left out.
    await step(rule, 2, 200_000);
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
    const trigger = {
      case: 'once',
      value: { startTime: timestampFromMs(Math.ceil(startMs / 60_000) * 60_000) },
    } as const;
    world.peers.traded = world.peers.traded.map(({ timeMs, shares }) => ({
      timeMs: Math.ceil(timeMs / 60_000) * 60_000,
      shares,
    }));
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
    expect(await runOf(rule)).toMatchObject({ slice: { profile: SliceProfile.EVEN, placedQuantity: '3' } });
  });

  it('place nothing while they are paused, and go on with the time that is left', async () => {
    const rule = await start();
    const { ruleId, as } = rule;
    await step(rule, 1, 0);
    await service.auto.setRuleEnabled({ ruleId, enabled: false }, as);
    world.skewMs += 200_000;
    // A pass over everything that is due has gone by when another rule has begun.
    const other = await start();
    await step(other, 1, 0);
    expect((await runOf(rule))?.attempts).toBe(1);
    await service.auto.setRuleEnabled({ ruleId, enabled: true }, as);
    await step(rule, 2, 100_000);
    expect((await endedOnce(rule))?.slice).toMatchObject({ filledQuantity: '10', placedCount: 3 });
    const paused = await start();
    await step(paused, 1, 0);
    await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: false }, paused.as);
    world.skewMs += 400_000;
    expect(await endedOnce(paused)).toMatchObject({ outcome: RunOutcome.DONE, slice: { filledQuantity: '3' } });
    const resume = service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: true }, paused.as);
    await expect(resume).rejects.toMatchObject({ reason: ErrorReason.RULE_DONE });
  });

  it('end at once when their owner deletes them', async () => {
    const rule = await start();
    await step(rule, 1, 0);
    await service.auto.deleteRule({ ruleId: rule.ruleId }, rule.as);
    expect(await endedOnce(rule)).toMatchObject({
      ...{ outcome: RunOutcome.REFUSED, reason: ErrorReason.RULE_NOT_FOUND },
      slice: { filledQuantity: '3' },
    });
    expect(await stateOf(rule)).toBe(RuleState.DELETED);
  });

  it('leave a plain order at a time alone: it is placed once, and its rule is done', async () => {
    const rule = await start({ name: 'later', trigger: { case: 'once', value: {} }, action: marketOrder });
    expect(await endedOnce(rule)).toMatchObject({ outcome: RunOutcome.DONE, attempts: 1 });
    expect((await runOf(rule))?.slice).toBeUndefined();
    expect(await stateOf(rule)).toBe(RuleState.DONE);
    expect(world.peers.calls).toHaveLength(1);
  });
});
