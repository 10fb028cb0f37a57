/** One script of orders at given times of the market, by clocks of every kind: its trades, fills and candles are the same. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { bundleCli } from '../../cli/index.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, placeOrder } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { logInAdmin } from '../support/market.ts';
import {
  cancelAll,
  clockTo,
  type DayScene,
  openScene,
  placeCrossing,
  quoteOnce,
  symbol,
} from '../support/market-day.ts';

let directory: string;
let program: string;
let system: RunningSystem | undefined;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-clock-speeds-'));
  program = join(directory, 'outcry.mjs');
  await bundleCli(program);
});
afterEach(async () => {
  await system?.[Symbol.asyncDispose]();
  system = undefined;
  rmSync(directory, { recursive: true, force: true });
}, 90_000);

const startTime = '2026-03-10T10:00:00.000Z';
const stepMs = 23 * 60_000;

/** A way to get to a later time of the market. */
type Way = (scene: DayScene, time: string) => Promise<void>;

const ways: Readonly<Record<string, Way>> = {
  'at once': (scene, time) => clockTo(scene, time),
  async stepped(scene, time) {
    for (let atMs = (await shownBy(scene)) + stepMs; atMs < Date.parse(time); atMs += stepMs) {
      await clockTo(scene, new Date(atMs).toISOString());
    }
    await clockTo(scene, time);
  },
  async 'at 1,000 times'({ admin }, time) {
    await outcry(admin, 'clock', 'run', time, '--speed', '1000');
  },
};

async function shownBy({ client }: DayScene): Promise<number> {
  return Date.parse(String((await client.call('MarketService/GetClock', {})).time));
}

async function outcry(admin: Investor, ...args: string[]): Promise<void> {
  const env = { ...process.env, XDG_STATE_HOME: join(directory, 'state'), OUTCRY_URL: system?.gatewayUrl };
  const run = (words: string[], input = '') => {
    const ran = promisify(execFile)(process.execPath, [program, ...words], { env, timeout: 120_000 });
    ran.child.stdin?.end(input);
    return ran;
  };
  await run(['login', admin.email], admin.password);
  await run(args);
}

async function openDay(): Promise<DayScene> {
  system = await startSystem({ flags: ['--no-simulator', '--clock', startTime, '--clock-speed', '0'] });
  const client = createTestClient('connect', system.gatewayUrl);
  return openScene(system, client, await logInAdmin(client, system));
}

/** Sells and buys shares at a price. */
async function tradeOnce({ buyer, seller }: DayScene, quantity: string, price: string): Promise<void> {
  await placeOrder(seller, limitTerms('SELL', symbol, quantity, price));
  await placeOrder(buyer, limitTerms('BUY', symbol, quantity, price));
}

/** A day: both auctions, trades at both sides of a minute's end, and an interruption by the circuit breaker. */
async function liveDay(scene: DayScene, goTo: Way): Promise<void> {
  const to = (time: string) => goTo(scene, `2026-03-10T${time}Z`);
  const { buyer, seller } = scene;
  await to('10:31:00.000');
  await placeCrossing(scene, 59_00);
  await to('13:31:30.500');
  await cancelAll(buyer);
  await tradeOnce(scene, '2', '59.50');
  await to('13:31:59.999');
  await tradeOnce(scene, '1', '59.60');
  await to('13:32:00.000');
  await tradeOnce(scene, '3', '59.40');
  await to('15:00:20.000');
  await placeOrder(seller, limitTerms('SELL', symbol, '2', '60.00'));
  await placeOrder(seller, limitTerms('SELL', symbol, '2', '66.00'));
  await placeOrder(buyer, limitTerms('BUY', symbol, '4', '66.00'));
  await quoteOnce(scene, 'HALTED');
  await to('19:58:30.000');
  await placeCrossing(scene, 65_00);
  await to('20:30:00.000');
  await quoteOnce(scene, 'CLOSED');
}

type Outcome = {
  trades: Record<string, string>[];
  auctions: Record<string, string>[];
  fills: unknown[];
  candles: Record<string, unknown[]>;
};

async function outcomeOf({ client, buyer, seller }: DayScene): Promise<Outcome> {
  const range = { symbol, oldestFirst: true };
  const trades = await eventually(async () => {
    const answer = await client.call('MarketService/ListTrades', range);
    const found = (answer.trades ?? []) as Record<string, string>[];
    expect(found).toHaveLength(9);
    return found.map(({ time = '', price = '', quantity = '', takerSide = '' }) => ({
      time,
      price,
      quantity,
      takerSide,
    }));
  });
  const candles: Outcome['candles'] = {};
  for (const interval of ['1S', '1M', '5M', '1H', '1D'].map((length) => `CANDLE_INTERVAL_${length}`)) {
    candles[interval] = (await client.call('MarketService/ListCandles', { ...range, interval })).candles as unknown[];
  }
  const fills = [await fillsOf(buyer), await fillsOf(seller)];
  const auctions = (await client.call('MarketService/ListAuctions', range)).auctions as Record<string, string>[];
  return { trades, auctions, fills, candles };
}

async function fillsOf(person: Investor): Promise<unknown[]> {
  return eventually(async () => {
    const answer = await person.call('OrderService/ListFills', { pageSize: 200 });
    const fills = (answer.fills ?? []) as Record<string, unknown>[];
    expect(fills).toHaveLength(9);
    return fills.map(({ time, price, quantity, side, fee, maker }) => ({ time, price, quantity, side, fee, maker }));
  });
}

describe('the clock', () => {
  it('gives the same trades, fills and candles at once, paused and stepped, and at 1,000 times', {
    timeout: 900_000,
  }, async () => {
    const outcomes = new Map<string, Outcome>();
    for (const [name, way] of Object.entries(ways)) {
      const scene = await openDay();
      await liveDay(scene, way);
      outcomes.set(name, await outcomeOf(scene));
      const { email, password } = scene.admin;
      await audit(scene.client, { email, password });
      await system?.[Symbol.asyncDispose]();
      system = undefined;
    }
    const atOnce = outcomes.get('at once');
    for (const [name, outcome] of outcomes) expect(outcome, name).toEqual(atOnce);
    expect(atOnce?.trades.map(({ time, price, quantity }) => `${time} ${price} x ${quantity}`)).toEqual([
      ...['2026-03-10T13:30:00Z 59.00 x 6', '2026-03-10T13:30:00Z 59.00 x 3'],
      '2026-03-10T13:31:30.500Z 59.50 x 2',
      '2026-03-10T13:31:59.999Z 59.60 x 1',
      '2026-03-10T13:32:00Z 59.40 x 3',
      '2026-03-10T15:00:20Z 60.00 x 2',
      '2026-03-10T15:02:20Z 66.00 x 2',
      ...['2026-03-10T20:00:00Z 65.00 x 6', '2026-03-10T20:00:00Z 65.00 x 3'],
    ]);
    expect(atOnce?.auctions).toMatchObject([
      { kind: 'AUCTION_KIND_OPENING', time: '2026-03-10T13:30:00Z', price: '59.00', quantity: '9' },
      { kind: 'AUCTION_KIND_REOPENING', time: '2026-03-10T15:02:20Z', price: '66.00', quantity: '2' },
      {
        kind: 'AUCTION_KIND_CLOSING',
        time: '2026-03-10T20:00:00Z',
        price: '65.00',
        quantity: '9',
        sessionDate: '2026-03-10',
      },
    ]);
    const minutes = (atOnce?.candles.CANDLE_INTERVAL_1M ?? []) as { startTime: string; volume: string }[];
    expect(minutes.map(({ startTime: start, volume }) => `${start.slice(11, 16)} ${volume}`)).toEqual([
      ...['13:30 9', '13:31 3', '13:32 3', '15:00 2', '15:02 2', '20:00 9'],
    ]);
  });
});
