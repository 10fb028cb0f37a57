import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timestampFromDate, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { readClockFile, writeClockFile } from '#platform/clock/clock-file.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestDatabase, type TestDatabase } from '#platform/testing/postgres.ts';
import { type FakeExchange, startFakeExchange } from '../testing/fake-exchange.ts';
import { startTestMarket, type TestMarket } from '../testing/start-market.ts';

const { PRE_OPEN, OPENING_AUCTION, CONTINUOUS, CLOSING_AUCTION, CLOSED } = TradingState;
const timeOf = (text: string) => timestampFromDate(new Date(text));
const hour = 3_600n;

let directory: string;
let clockFile: string;
let database: TestDatabase;
let exchange: FakeExchange;
let market: TestMarket;
let operator: { userToken: string };

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'outcry-move-'));
  clockFile = join(directory, 'clock.json');
  writeClockFile(clockFile, { runs: [{ fromMs: 0, timeMs: Date.parse('2026-03-06T11:00Z'), speed: 0 }] });
  database = await createTestDatabase();
  exchange = await startFakeExchange();
  market = await startTestMarket({ databaseUrl: database.url, exchangePort: exchange.port, clockFile });
  operator = { userToken: await market.identity.userToken({ roles: ['operator'] }) };
  await eventually(() => expect(states()).toEqual([CLOSED]));
});
afterEach(async () => {
  await market?.[Symbol.asyncDispose]();
  await exchange?.[Symbol.asyncDispose]();
  await database?.drop();
  rmSync(directory, { recursive: true, force: true });
});

const states = () => exchange.commands.filter(({ symbol }) => symbol === 'HUDS').map(({ state }) => state);
const set = (request: Parameters<TestMarket['admin']['setClock']>[0]) => market.admin.setClock(request, operator);
/** Sets the clock by as many calls as that takes. */
const setAll = (request: Parameters<TestMarket['admin']['setClock']>[0]) =>
  eventually(async () => expect((await set(request)).arrived).toBe(true), { timeoutMs: 60_000 });
const textOf = async () => {
  const { time } = await market.market.getClock({});
  return time === undefined ? '' : new Date(timestampMs(time)).toISOString();
};

describe('setClock', () => {
  it('carries out each change of state on the way, in order, and stands where it was asked to', {
    timeout: 90_000,
  }, async () => {
    await setAll({ time: timeOf('2026-03-09T14:00Z') });
    expect(states()).toEqual([
      ...[CLOSED, PRE_OPEN, OPENING_AUCTION, CONTINUOUS, CLOSING_AUCTION, CLOSED],
      ...[PRE_OPEN, OPENING_AUCTION, CONTINUOUS],
    ]);
    expect(await textOf()).toBe('2026-03-09T14:00:00.000Z');
    await set({ forward: { seconds: hour } });
    expect(await textOf()).toBe('2026-03-09T15:00:00.000Z');
  });

  it('changes the speed, by which the day then goes on', async () => {
    // The change after this one is hours away: a machine that stands still for seconds passes over none.
    await setAll({ time: timeOf('2026-03-06T14:29:50Z'), speed: 60 });
    expect((await market.market.getClock({})).speed).toBe(60);
    await eventually(() => expect(states().at(-1)).toBe(CONTINUOUS));
    expect(states()).toEqual([CLOSED, PRE_OPEN, OPENING_AUCTION, CONTINUOUS]);
    expect(await set({ speed: 0 })).toMatchObject({ speed: 0 });
    const stood = await textOf();
    expect(await textOf()).toBe(stood);
  });

  it('passes to a time on request, stands still there, and at each change on the way until the books have it', {
    timeout: 60_000,
  }, async () => {
    await setAll({ time: timeOf('2026-03-06T14:27Z') });
    await setAll({ time: timeOf('2026-03-06T14:31Z'), speed: 1_000, pass: true });
    expect(states()).toEqual([CLOSED, PRE_OPEN, OPENING_AUCTION, CONTINUOUS]);
    expect(await textOf()).toBe('2026-03-06T14:31:00.000Z');
    const runs = readClockFile(clockFile).runs.slice(-6);
    expect(runs.map(({ timeMs, speed }) => `${new Date(timeMs).toISOString().slice(11, 19)} x ${speed}`)).toEqual([
      ...['14:27:00 x 1000', '14:28:00 x 0'],
      ...['14:28:00 x 1000', '14:30:00 x 0'],
      ...['14:30:00 x 1000', '14:31:00 x 0'],
    ]);
    expect((await set({ forward: { seconds: 60n }, speed: 1_000, pass: true })).arrived).toBe(true);
    expect(await textOf()).toBe('2026-03-06T14:32:00.000Z');
  });

  it('passes on to the next stop when its caller has gone, and is given another way at any time', async () => {
    await setAll({ time: timeOf('2026-03-06T14:31Z') });
    const later = { time: timeOf('2026-03-06T20:00Z'), speed: 1, pass: true };
    const { arrived, speed } = await market.admin.setClock(later, { ...operator, timeoutMs: 3_000 });
    expect([arrived, speed]).toEqual([false, 1]);
    expect(readClockFile(clockFile).runs.at(-1)).toMatchObject({ timeMs: Date.parse('2026-03-06T20:00Z'), speed: 0 });
    await set({ time: timeOf('2026-03-06T15:00Z'), speed: 0 });
    expect(await textOf()).toBe('2026-03-06T15:00:00.000Z');
    expect(readClockFile(clockFile).runs.at(-1)).toMatchObject({ timeMs: Date.parse('2026-03-06T15:00Z'), speed: 0 });
  });

  it('never goes back, nor further than 7 days at once', async () => {
    await expect(set({ time: timeOf('2026-03-06T10:59Z') })).rejects.toMatchObject({
      reason: ErrorReason.CLOCK_NOT_BACK,
    });
    for (const wrong of [
      { time: timeOf('2026-03-13T11:01Z') },
      { forward: { seconds: 24n * 7n * hour + 1n } },
      { forward: { seconds: -1n } },
      { forward: { seconds: 1n }, time: timeOf('2026-03-06T12:00Z') },
      { speed: 1_001 },
      { speed: -1 },
      { pass: true, speed: 60 },
      { pass: true, time: timeOf('2026-03-06T12:00Z') },
      { pass: true, time: timeOf('2026-03-06T12:00Z'), speed: 0 },
    ]) {
      await expect(set(wrong)).rejects.toMatchObject({ reason: ErrorReason.INVALID_FIELD });
    }
    expect(await textOf()).toBe('2026-03-06T11:00:00.000Z');
  });

  it('stops at a change that the exchange does not take, and goes on when it is asked again', async () => {
    await exchange.stop();
    expect(await set({ time: timeOf('2026-03-06T14:00Z') })).toMatchObject({ arrived: false });
    expect(await textOf()).toBe('2026-03-06T11:30:00.000Z');
    await exchange.start();
    await eventually(() => expect(states()).toEqual([CLOSED, PRE_OPEN]));
    await setAll({ time: timeOf('2026-03-06T14:00Z') });
    expect(await textOf()).toBe('2026-03-06T14:00:00.000Z');
  });

  it('is refused where the clock is the machine’s, and to people', async () => {
    await using plain = await startTestMarket({ databaseUrl: database.url, exchangePort: exchange.port });
    const staff = { userToken: await plain.identity.userToken({ roles: ['operator'] }) };
    await expect(plain.admin.setClock({ speed: 0 }, staff)).rejects.toMatchObject({
      reason: ErrorReason.CLOCK_NOT_SETTABLE,
    });
    const person = { userToken: await market.identity.userToken() };
    await expect(market.admin.setClock({ speed: 0 }, person)).rejects.toMatchObject({
      reason: ErrorReason.ROLE_NOT_ALLOWED,
    });
  });
});
