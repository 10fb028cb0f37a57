import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RuleState, RunOutcome } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createSliceLook, inSlices } from '../testing/slices.ts';
import { createTestWorld, type TestReplica, type TestWorld } from '../testing/start-auto.ts';

describe('slices whose process or peer is away', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeEach(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterEach(() => world[Symbol.asyncDispose]());
  const { start, stateOf, sizes, step, endedOnce } = createSliceLook(() => ({ world, service }));

  it('place an order once that was placed by a process that died with the answer', async () => {
    world.peers.behaviour = 'lose-answer';
    const rule = await start(inSlices());
    await eventually(() => expect(world.peers.orders.size).toBe(1));
    await service[Symbol.asyncDispose]();
    world.peers.behaviour = 'place';
    // Two more orders are due by then.
    world.skewMs = 220_000;
    service = await world.start();
    await step(rule, 2, 100_000);
    const run = await endedOnce(rule);
    expect([...sizes()]).toEqual([
      [0, '3'],
      [2, '4'],
      [3, '3'],
    ]);
    expect(world.peers.orders.size).toBe(3);
    expect(run).toMatchObject({ outcome: RunOutcome.DONE, slice: { filledQuantity: '10', placedCount: 3 } });
  });

  it('place an order as it was recorded by a process that died before it', async () => {
    world.peers.behaviour = 'unreachable';
    const rule = await start(inSlices());
    await eventually(() => expect(sizes().size).toBe(1));
    await service[Symbol.asyncDispose]();
    const { rows } = await world.db.query('SELECT next_index, order_micros FROM slice');
    expect(rows).toEqual([{ next_index: 0, order_micros: 3_000_000n }]);
    expect(world.peers.orders.size).toBe(0);
    world.peers.behaviour = 'place';
    world.skewMs = 320_000;
    service = await world.start();
    const run = await endedOnce(rule);
    expect([...sizes()]).toEqual([
      [0, '3'],
      [3, '7'],
    ]);
    expect(run).toMatchObject({ outcome: RunOutcome.DONE, slice: { placedQuantity: '10', filledQuantity: '10' } });
  });

  it('end with the key of an order of which nothing is known a minute after their end', async () => {
    world.peers.behaviour = 'unreachable';
    const rule = await start();
    await eventually(() => expect(sizes().size).toBe(1));
    world.skewMs = 461_000;
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
      world.skewMs += 100_000;
    }
    for (const rule of rules) expect(await endedOnce(rule)).toMatchObject({ slice: { filledQuantity: '10' } });
    expect(world.peers.calls).toHaveLength(20);
    await eventually(() => expect(world.finished()).toHaveLength(5));
  });

  it('are missed when no replica was up until their end', async () => {
    const trigger = { case: 'once', value: { startTime: timestampFromMs(Date.now() + 60_000) } } as const;
    const rule = await start({ ...inSlices(), trigger });
    expect(rule).toMatchObject({ nextRunTime: trigger.value.startTime, terms: { trigger } });
    await service[Symbol.asyncDispose]();
    world.skewMs = 60_000 + 400_001;
    service = await world.start();
    expect(await endedOnce(rule)).toMatchObject({ outcome: RunOutcome.MISSED, scheduledTime: trigger.value.startTime });
    expect(world.peers.calls).toEqual([]);
  });
});
