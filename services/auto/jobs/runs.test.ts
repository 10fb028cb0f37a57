import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunOutcome } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { insertRuns } from '../store/insert-runs.ts';
import { createRule, createTestWorld, scheduled, type TestReplica, type TestWorld } from '../testing/start-auto.ts';

const everyDay = scheduled('0 0 * * *');

describe('runs of schedules', () => {
  let world: TestWorld;
  let service: TestReplica;
  beforeEach(async () => {
    world = await createTestWorld();
    service = await world.start();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  type CreatedRule = Awaited<ReturnType<typeof createRule>>;
  const runsOf = async ({ ruleId, as }: CreatedRule, { auto } = service) => (await auto.listRuns({ ruleId }, as)).runs;
  /** Makes the rule due `lateMs` ago. */
  const makeDue = ({ ruleId }: CreatedRule, lateMs: number) =>
    world.db.query('UPDATE rule SET next_run_time = $2 WHERE rule_id = $1', [
      ruleId,
      new Date(Date.now() + world.skewMs - lateMs),
    ]);

  it('place an order at their times, once each, and plan the next', async () => {
    const everyMs = 5_000;
    // The next run is half a second away.
    world.skewMs = everyMs - 500 - (Date.now() % everyMs);
    const rule = await createRule(world, service, scheduled('*/5 * * * * *'));
    await eventually(async () => expect((await runsOf(rule)).at(-1)?.outcome).toBe(RunOutcome.DONE));
    const run = (await runsOf(rule)).at(-1);
    const next = (await service.auto.getRule({ ruleId: rule.ruleId }, rule.as)).rule?.nextRunTime;
    const distanceSeconds = Number(next?.seconds) - Number(run?.scheduledTime?.seconds);
    expect(distanceSeconds).toBeGreaterThan(0);
    expect(distanceSeconds % 5).toBe(0);
    const key = `${rule.accountId} auto-${run?.runId}`;
    expect(run).toMatchObject({ orderId: world.peers.orders.get(key), attempts: 1, reason: ErrorReason.UNSPECIFIED });
    await eventually(() =>
      expect(world.finished()[0]).toMatchObject({ accountId: rule.accountId, name: 'recurring', run }),
    );
  });

  it('place one order for a run, from any number of replicas', async () => {
    await Promise.all([world.start(), world.start()]);
    const rules = await Promise.all(Array.from({ length: 10 }, () => createRule(world, service, everyDay)));
    for (const rule of rules) await makeDue(rule, 0);
    await eventually(() => expect(world.finished()).toHaveLength(10));
    expect(world.peers.calls).toHaveLength(10);
    expect(world.peers.orders.size).toBe(10);
    for (const rule of rules) expect(await runsOf(rule)).toMatchObject([{ outcome: RunOutcome.DONE, attempts: 1 }]);
  });

  it('place one order when the answer is lost, or the process dies with it', async () => {
    world.peers.behaviour = 'lose-answer';
    const rule = await createRule(world, service, everyDay);
    await makeDue(rule, 0);
    await eventually(() => expect(world.peers.orders.size).toBe(1));
    await service[Symbol.asyncDispose]();
    // Claimed by a process that died with the answer.
    const { rows } = await world.db.query('SELECT outcome FROM run');
    expect(rows).toEqual([{ outcome: 'pending' }]);
    world.peers.behaviour = 'place';
    world.skewMs = 16_000;
    service = await world.start();
    await eventually(async () => expect(await runsOf(rule)).toMatchObject([{ outcome: RunOutcome.DONE }]));
    expect(world.peers.orders.size).toBe(1);
    expect((await runsOf(rule))[0]?.attempts).toBeGreaterThan(1);
  });

  it('store a refusal with its reason and numbers', async () => {
    world.peers.behaviour = 'refuse';
    const rule = await createRule(world, service, everyDay);
    await makeDue(rule, 0);
    await eventually(async () =>
      expect(await runsOf(rule)).toMatchObject([
        {
          outcome: RunOutcome.REFUSED,
          reason: ErrorReason.CASH_INSUFFICIENT,
          metadata: { needed: '100.00', available: '1.00' },
        },
      ]),
    );
    world.peers.behaviour = 'invalid';
    const other = await createRule(world, service, everyDay);
    await makeDue(other, 0);
    await eventually(async () => expect((await runsOf(other))[0]?.reason).toBe(ErrorReason.PRICE_NOT_ON_TICK));
    await eventually(() => expect(world.finished()).toHaveLength(2));
  });

  it('are retried while the order service is unavailable, within a minute', async () => {
    world.peers.behaviour = 'unreachable';
    const [patient, late] = [await createRule(world, service, everyDay), await createRule(world, service, everyDay)];
    await makeDue(patient, 0);
    await eventually(async () => {
      const [run] = await runsOf(patient);
      expect(run?.outcome).toBe(RunOutcome.PENDING);
      expect(run?.attempts).toBeGreaterThan(0);
    });
    world.peers.behaviour = 'place';
    await eventually(async () => expect(await runsOf(patient)).toMatchObject([{ outcome: RunOutcome.DONE }]));
    world.peers.behaviour = 'unreachable';
    await makeDue(late, 0);
    await eventually(() => expect(world.peers.calls.map(({ accountId }) => accountId)).toContain(late.accountId));
    // Shortly before its minute is over, so that it is an attempt that ends it.
    world.skewMs += 57_000;
    await eventually(async () =>
      expect(await runsOf(late)).toMatchObject([{ outcome: RunOutcome.REFUSED, reason: ErrorReason.DEADLINE_EXPIRED }]),
    );
    const [run] = await runsOf(late);
    expect(run?.metadata).toEqual({
      client_order_id: `auto-${run?.runId}`,
      last_reason: 'DEPENDENCY_UNAVAILABLE',
    });
  });

  it('run the latest of what was missed if it is a minute old at most, and note the rest in one row', async () => {
    const rule = await createRule(world, service, scheduled('*/5 * * * * *'));
    await service[Symbol.asyncDispose]();
    const hourMs = 3_600_000;
    world.skewMs = hourMs;
    service = await world.start();
    await eventually(async () =>
      expect((await runsOf(rule)).some(({ outcome }) => outcome === RunOutcome.DONE)).toBe(true),
    );
    const runs = await runsOf(rule);
    const missed = runs.filter(({ outcome }) => outcome === RunOutcome.MISSED);
    expect(missed).toMatchObject([{ metadata: { missed_count_min: '100' }, orderId: '' }]);
    expect(world.peers.calls.length).toBeLessThan(10);
    await eventually(() => expect(world.finished().some(({ run }) => run?.outcome === RunOutcome.MISSED)).toBe(true));
  });

  it('miss what is older', async () => {
    const rule = await createRule(world, service, everyDay);
    await makeDue(rule, 2 * 24 * 3_600_000);
    await eventually(async () => expect(await runsOf(rule)).toMatchObject([{ outcome: RunOutcome.MISSED }]));
    expect(world.peers.calls).toEqual([]);
  });

  it('place nothing more once their owner has paused or deleted them', async () => {
    const [paused, deleted] = [await createRule(world, service, everyDay), await createRule(world, service, everyDay)];
    await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: false }, paused.as);
    await service.auto.deleteRule({ ruleId: deleted.ruleId }, deleted.as);
    world.skewMs = 3 * 24 * 3_600_000;
    const resumed = await service.auto.setRuleEnabled({ ruleId: paused.ruleId, enabled: true }, paused.as);
    expect(Number(resumed.rule?.nextRunTime?.seconds) * 1_000).toBeGreaterThan(Date.now() + world.skewMs);
    // A pass over everything that is due has gone by when another rule has run.
    const other = await createRule(world, service, everyDay);
    await makeDue(other, 0);
    await eventually(async () => expect(await runsOf(other)).toMatchObject([{ outcome: RunOutcome.DONE }]));
    expect(await runsOf(paused)).toEqual([]);
    expect(await runsOf(deleted)).toEqual([]);
    // Due, but not begun when its owner deleted it.
    const [nowMs, { ruleId }] = [Date.now() + world.skewMs, deleted];
    await insertRuns(world.db, [{ ruleId, scheduledTimeMs: nowMs, outcome: 'pending' }], nowMs);
    await eventually(async () => expect(await runsOf(deleted)).toMatchObject([{ reason: ErrorReason.RULE_NOT_FOUND }]));
    expect(world.peers.calls.map(({ accountId }) => accountId)).toEqual([other.accountId]);
  });
});
