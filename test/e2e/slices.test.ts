/** Large orders worked in slices, by a clock that is set. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, marketTerms, placeOrder, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { clockTo, fillsOf, kill } from '../support/market-day.ts';
import type { TestClient } from '../support/test-client.ts';

const patience = { timeoutMs: 60_000 };

type RunJson = {
  runId: string;
  outcome: string;
  reason?: string;
  attempts?: number;
  slice?: { profile?: string; quantity: string; placedQuantity?: string; filledQuantity?: string };
};

describe('a large order in slices', () => {
  let system: RunningSystem;
  let client: TestClient;
  let admin: Investor;
  beforeAll(async () => {
    system = await startSystem({
      flags: ['--no-simulator', '--clock', '2026-03-10T08:00:00Z', '--clock-speed', '0'],
    });
    client = createTestClient('connect', system.gatewayUrls[0] ?? '');
    admin = await logInAdmin(client, system);
  }, 120_000);
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
  }, 90_000);

  /** A book of its own with 1,000 shares offered at 100.00, somebody who buys by slices, and somebody else. */
  async function openScene() {
    const symbol = await openBook(admin);
    const [owner, other, seller] = await Promise.all([1, 2, 3].map(() => registerInvestor(client)));
    if (owner === undefined || other === undefined || seller === undefined) throw new Error('nobody was registered');
    await issueShares(admin, seller, symbol, '1000');
    await placeOrder(seller, limitTerms('SELL', symbol, '1000', '100.00'));
    return { symbol, owner, other };
  }

  async function arrange({ owner, symbol }: { owner: Investor; symbol: string }, slice: JsonObject): Promise<string> {
    const { order = {}, ...rest } = slice as { order?: JsonObject };
    const whole = { symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', ...order };
    const terms = { name: 'large', once: {}, slice: { algorithm: 'SLICE_ALGORITHM_TWAP', ...rest, order: whole } };
    const { rule } = await owner.call('AutoService/CreateRule', { idempotencyKey: randomUUID(), terms });
    return (rule as { ruleId: string }).ruleId;
  }

  const runOf = async (owner: Investor, ruleId: string) => {
    const { runs } = (await owner.call('AutoService/ListRuns', { ruleId })) as { runs?: RunJson[] };
    return runs?.[0];
  };
  /** The run once so many of its orders have an outcome. */
  const runOnce = (owner: Investor, ruleId: string, wanted: Partial<RunJson>) =>
    eventually(async () => {
      const run = await runOf(owner, ruleId);
      expect(run).toMatchObject(wanted);
      return run as RunJson;
    }, patience);
  /** The sizes of the orders of a run by their keys, the first first. */
  const sizesOf = async (owner: Investor, { runId }: RunJson) => {
    const filter = { clientOrderIdPrefix: `auto-${runId}-`, pageSize: 200 };
    const { orders = [] } = (await owner.call('OrderService/ListOrders', filter)) as {
      orders?: { clientOrderId: string; quantity: string; timeInForce: string }[];
    };
    expect(orders.every(({ timeInForce }) => timeInForce === 'TIME_IN_FORCE_IOC')).toBe(true);
    return orders.map(({ clientOrderId, quantity }) => `${clientOrderId.split('-').at(-1)}: ${quantity}`).sort();
  };
  /** Waits until the market's candles have all that was traded, as the market follows the exchange a moment later. */
  const volumeIs = (symbol: string, wanted: number) =>
    eventually(async () => {
      const request = { symbol, interval: 'CANDLE_INTERVAL_1D' };
      const { candles = [] } = await client.call('MarketService/ListCandles', request);
      const volume = (candles as { volume: string }[]).reduce((sum, candle) => sum + Number(candle.volume), 0);
      expect(volume).toBe(wanted);
    }, patience);
  /** Lets somebody else buy, and waits until so much was traded in all. */
  const tradeOther = async (scene: { other: Investor; symbol: string }, quantity: number, inAll: number) => {
    await placeOrder(scene.other, marketTerms('BUY', scene.symbol, String(quantity)));
    await volumeIs(scene.symbol, inAll);
  };

  it('is placed evenly within its limit, each order once, also when the service is killed', {
    timeout: 180_000,
  }, async () => {
    const scene = await openScene();
    const { owner } = scene;
    await clockTo({ admin }, '2026-03-10T09:00:00Z');
    const order = { quantity: '10', type: 'ORDER_TYPE_LIMIT', limitPrice: '100.50' };
    const ruleId = await arrange(scene, { order, duration: '2400s', orderCount: 4 });
    await runOnce(owner, ruleId, { outcome: 'RUN_OUTCOME_PENDING', attempts: 1 });
    await kill({ system }, 'auto');
    await clockTo({ admin }, '2026-03-10T09:10:00Z');
    await runOnce(owner, ruleId, { attempts: 2 });
    await clockTo({ admin }, '2026-03-10T09:20:00Z');
    await kill({ system }, 'auto');
    await runOnce(owner, ruleId, { attempts: 3 });
    await clockTo({ admin }, '2026-03-10T09:30:00Z');
    const run = await runOnce(owner, ruleId, { outcome: 'RUN_OUTCOME_DONE' });
    expect(run.slice).toMatchObject({
      ...{ profile: 'SLICE_PROFILE_EVEN', quantity: '10', placedQuantity: '10', filledQuantity: '10' },
    });
    expect(await sizesOf(owner, run)).toEqual(['0: 3', '1: 2', '2: 3', '3: 2']);
    // An order's answer, which the run has, comes before its fills are stored.
    const fills = ['100.00 x 3', '100.00 x 2', '100.00 x 3', '100.00 x 2'];
    await eventually(async () => expect(await fillsOf(owner)).toEqual(fills), patience);
    await eventually(async () => {
      const { messages = [] } = await owner.call('NotificationService/ListMessages', {});
      const texts = (messages as { text: string }[]).map(({ text }) => text);
      expect(texts).toContainEqual(expect.stringContaining('10 of 10 shares traded'));
    }, patience);
  });

  it('says what was refused, and is refused when all was', { timeout: 180_000 }, async () => {
    const scene = await openScene();
    await clockTo({ admin }, '2026-03-10T10:00:00Z');
    const ruleId = await arrange(scene, { order: { quantity: '1000000' }, duration: '1200s', orderCount: 2 });
    await runOnce(scene.owner, ruleId, { attempts: 1 });
    await clockTo({ admin }, '2026-03-10T10:10:00Z');
    const run = await runOnce(scene.owner, ruleId, { outcome: 'RUN_OUTCOME_REFUSED' });
    expect(run.reason).toMatch(/CASH_INSUFFICIENT|ORDER_NOTIONAL_OVER_LIMIT/);
    expect(run.slice).toMatchObject({ refusedCount: 2, quantity: '1000000' });
    expect(await fillsOf(scene.owner)).toEqual([]);
  });

  it('is no more than its share of what was traded since the order before', { timeout: 180_000 }, async () => {
    const scene = await openScene();
    await clockTo({ admin }, '2026-03-10T11:55:00Z');
    await tradeOther(scene, 40, 40);
    await clockTo({ admin }, '2026-03-10T12:00:00Z');
    const slice = { order: { quantity: '60' }, duration: '2400s', orderCount: 4, maxPercent: '25' };
    const ruleId = await arrange(scene, slice);
    await runOnce(scene.owner, ruleId, { attempts: 1 });
    await clockTo({ admin }, '2026-03-10T12:05:00Z');
    await tradeOther(scene, 20, 70);
    await clockTo({ admin }, '2026-03-10T12:10:00Z');
    await runOnce(scene.owner, ruleId, { attempts: 2 });
    await volumeIs(scene.symbol, 77);
    await clockTo({ admin }, '2026-03-10T12:20:00Z');
    await runOnce(scene.owner, ruleId, { attempts: 3 });
    await clockTo({ admin }, '2026-03-10T12:40:00Z');
    const run = await runOnce(scene.owner, ruleId, { outcome: 'RUN_OUTCOME_DONE' });
    // A quarter of 40, of 20 and its own 10, and of its own 7.
    expect(await sizesOf(scene.owner, run)).toEqual(['0: 10', '1: 7', '2: 1']);
    expect(run.slice).toMatchObject({ quantity: '60', placedQuantity: '18', filledQuantity: '18' });
  });

  it('follows the times at which was traded in the days before', { timeout: 180_000 }, async () => {
    const scene = await openScene();
    await clockTo({ admin }, '2026-03-10T14:02:00Z');
    await tradeOther(scene, 30, 30);
    await clockTo({ admin }, '2026-03-10T14:32:00Z');
    await tradeOther(scene, 70, 100);
    await clockTo({ admin }, '2026-03-11T14:00:00Z');
    const slice = { algorithm: 'SLICE_ALGORITHM_VWAP', order: { quantity: '100' }, duration: '3600s', orderCount: 2 };
    const ruleId = await arrange(scene, slice);
    await runOnce(scene.owner, ruleId, { attempts: 1 });
    await clockTo({ admin }, '2026-03-11T14:30:00Z');
    const run = await runOnce(scene.owner, ruleId, { outcome: 'RUN_OUTCOME_DONE' });
    expect(run.slice).toMatchObject({ profile: 'SLICE_PROFILE_VOLUME', filledQuantity: '100' });
    expect(await sizesOf(scene.owner, run)).toEqual(['0: 30', '1: 70']);
  });

  it('is placed whole by a clock that runs at 600 times, and the audit is clean', { timeout: 180_000 }, async () => {
    const scene = await openScene();
    await clockTo({ admin }, '2026-03-12T09:00:00Z', 600);
    // The time of each order is eight seconds of the machine: what is not placed by the end is never placed.
    const ruleId = await arrange(scene, { order: { quantity: '50' }, duration: '10000s', orderCount: 2 });
    const run = await runOnce(scene.owner, ruleId, { outcome: 'RUN_OUTCOME_DONE' });
    await admin.call('MarketAdminService/SetClock', { speed: 0 });
    expect(run.slice).toMatchObject({ quantity: '50', filledQuantity: '50' });
    expect((await sizesOf(scene.owner, run)).length).toBeGreaterThanOrEqual(1);
    await audit(client, { email: admin.email, password: admin.password });
  });
});
