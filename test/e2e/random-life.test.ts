/**
 * Many users order, change and cancel at random through the gateway, of every kind. What they read afterwards of their orders, fills, statements and
 * balances is what a slow model makes of it. `LIFE_USERS=200 LIFE_ORDERS=100000` makes it larger; LIFE_SEED repeats what is asked for.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createRandom } from '../../bench/load/index.ts';
import { runAudit } from '../../scripts/audit/index.ts';
import { createGatewayCall } from '../../supervisor/index.ts';
import { inParallel, type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { untilQuiet } from '../chaos/judge/quiet.ts';
import { type Callers, createCallers } from '../chaos/traffic/callers.ts';
import { createMix, type Draft } from '../chaos/traffic/mix.ts';
import { type Market, openMarket, renewToken, type User } from '../chaos/traffic/open-market.ts';
import { isSettled } from '../chaos/traffic/operations.ts';
import { Fraction } from '../life/fraction.ts';
import { lifeSize } from '../life/life-size.ts';
import { expectAccount, expectExits, expectNothingHeld } from '../life/system/expect-account.ts';
import { type LifeOrder, readAccount } from '../life/system/read-account.ts';
import { listQuantities, tallyOf } from '../life/system/tally.ts';

const { users, orders, seed } = lifeSize({ users: 20, orders: 1_500 });
/** Calls at a time, and accounts that are read at a time. */
const callersMax = 32;
const readersMax = 4;
const symbols = 3;
const fees = { makerBps: 2, takerBps: 5, unit: Fraction.of('0.01') };
const callTimeoutMs = 120_000;
const timeout = 120_000 + 40 * orders + 1_000 * users;
// Feeds are applied, cancels carried out, and orders till a time have ended, some seconds after the last call.
const patience = { timeoutMs: 60_000 };
let system: RunningSystem;
let market: Market;

beforeAll(async () => {
  system = await startSystem({
    flags: ['--no-simulator'],
    env: { AUDIT_EVERY_MS: '3600000', GATEWAY_CALLS_PER_SECOND_MAX: '100000', GATEWAY_CALLS_BURST_MAX: '100000' },
  });
  // So little that orders and changes are refused for want of cash and shares.
  market = await openMarket(system, { users, symbols, cash: '20000.00', shares: '100' });
}, timeout);
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
}, 90_000);

it(`${users} users and ${orders} orders of every kind leave what the slow model says, to the millionth`, {
  timeout,
}, async () => {
  using trade = createCallers({
    market,
    gatewayUrls: system.gatewayUrls,
    seed,
    impatientOneIn: 200,
    timeoutMs: 15_000,
  });
  const startMs = performance.now();
  await placeAll(trade);
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  const ordered = listQuantities(trade.operations);
  expect(trade.operations.filter((operation) => !isSettled(operation))).toEqual([]);
  // Else an account that is behind in every store alike is whole by itself, and has fewer fills than later.
  expect(await untilQuiet(system, trade.unsettled, patience.timeoutMs)).toEqual([]);
  const before = await expectAll(ordered, () => {});
  const call = createGatewayCall(system.gatewayUrl, { timeoutMs: callTimeoutMs });
  for (const user of market.users) await call('outcry.order.v1.OrderService/CancelAllOrders', {}, await renewed(user));
  const after = await expectAll(ordered, expectNothingHeld);
  // What ended without a trade has moved nothing.
  expect(after.fills).toBe(before.fills);
  const { verdict } = await runAudit({ url: system.gatewayUrl, ...system.admin }, 100);
  expect(verdict).toMatchObject({ clean: true });
  const tally = tallyOf(trade.operations, after.orders);
  console.info(`seed ${seed}:`, { ...tally, fills: after.fills, lists: after.lists, seconds });
  expect(after.fills).toBeGreaterThan(orders / 4);
  // Nothing of what was to be mixed may have been missing.
  for (const [what, count] of Object.entries(tally)) expect(count, what).toBeGreaterThan(0);
});

/** Some callers at a time, until so many orders were asked for. */
async function placeAll(trade: Callers): Promise<void> {
  const mix = createMix(createRandom(seed), { users, symbols: market.symbols, kinds: 'all' });
  let asked = 0;
  const worker = async () => {
    while (asked < orders) {
      const draft = mix.next();
      asked += ordersOf(draft);
      await trade.carryOut(draft);
    }
  };
  await Promise.all(Array.from({ length: callersMax }, worker));
}

function ordersOf(draft: Draft): number {
  if (draft.kind === 'place-batch') return draft.terms.length;
  if (draft.kind === 'place-list') return draft.list.orders.length;
  return draft.kind === 'place' || draft.kind === 'close' ? 1 : 0;
}

/** Compares every account once all that was done has reached every store. */
async function expectAll(ordered: ReadonlyMap<string, Fraction>, more: typeof expectNothingHeld) {
  const sums = { fills: 0, lists: 0, orders: [] as LifeOrder[] };
  const check = async (user: User) => {
    await renewed(user);
    const call = createGatewayCall(system.gatewayUrl, { timeoutMs: callTimeoutMs });
    await eventually(async () => {
      const account = await readAccount(call, user);
      const slow = expectAccount(account, fees);
      more(account);
      sums.lists += expectExits(account.orders, slow, ordered);
      sums.fills += account.fills.length;
      sums.orders.push(...account.orders);
    }, patience);
  };
  await inParallel(market.users, check, readersMax);
  return sums;
}

async function renewed(user: User): Promise<string> {
  user.token = await renewToken(system.gatewayUrl, user);
  return user.token;
}
