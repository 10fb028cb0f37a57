import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { backUp, restore } from '../../scripts/backup/index.ts';
import { examine } from '../../scripts/doctor/index.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, logIn, type OrderJson, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';

const patience = { timeoutMs: 60_000 };
const partOfLoad = 20;
let folder: string;
let system: RunningSystem;
let trader: Investor;
let symbol: string;

/** An order and when its answer came. */
type Acknowledged = { request: JsonObject; orderId: string; timeMs: number };

const start = (dataDirectory: string, flags: string[] = []) =>
  startSystem({ dataDirectory, flags: ['--no-simulator', ...flags] });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outcry-restore-'));
  system = await start(join(folder, 'data'), ['--wal-archive', join(folder, 'wal')]);
  const client = createTestClient('fetch', system.gatewayUrl);
  const admin = await logInAdmin(client, system);
  symbol = await openBook(admin);
  trader = await registerInvestor(client);
  await issueShares(admin, trader, symbol, '10000');
}, 180_000);
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}, 90_000);

describe('restore of a system that was under load', () => {
  it('has what was answered before the moment, follows its feeds, and is accounted for', {
    timeout: 400_000,
  }, async () => {
    const acknowledged: Acknowledged[] = [];
    const stop = new AbortController();
    const load = placeOrders(acknowledged, stop.signal);
    const untilMore = async () => {
      const wanted = acknowledged.length + partOfLoad;
      await eventually(() => expect(acknowledged.length).toBeGreaterThanOrEqual(wanted), patience);
    };
    await untilMore();
    const backup = await backUp({ data: join(folder, 'data'), to: join(folder, 'backups'), now: new Date() });
    await untilMore();
    const toTime = new Date();
    await untilMore();
    stop.abort();
    await load;
    await system.stop();
    const restored = await restore({ from: backup.folder, data: join(folder, 'restored'), toTime });
    console.log(
      `backed up in ${backup.seconds.toFixed(1)} s, restored in ${restored.seconds.toFixed(1)} s, ` +
        `${toTime.getTime() - (restored.lastCommitTime?.getTime() ?? 0)} ms before the moment lost`,
    );
    system = await start(join(folder, 'restored'));
    await expectOrders(acknowledged, toTime);
    const found = await examine({ data: join(folder, 'restored'), expectsSystem: true });
    expect(found.filter(({ code }) => code === 'feed-halted' || code === 'audit-finding')).toEqual([]);
    await audit(createTestClient('fetch', system.gatewayUrl), system.admin);
  });
});

async function placeOrders(acknowledged: Acknowledged[], signal: AbortSignal): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    const clientOrderId = randomUUID();
    const terms = limitTerms(round % 2 === 0 ? 'SELL' : 'BUY', symbol, '1', round % 2 === 0 ? '101.00' : '99.00');
    const orderId = await place(trader, { clientOrderId, terms });
    acknowledged.push({ request: { clientOrderId, terms }, orderId, timeMs: Date.now() });
    await pause(100);
  }
}

async function place(person: Investor, request: JsonObject): Promise<string> {
  const { order } = (await person.call('OrderService/PlaceOrder', request)) as { order: unknown };
  return (order as OrderJson).orderId;
}

/** Sent again under its key, an order that is there is answered by its id; one that is not gets another. */
async function expectOrders(acknowledged: readonly Acknowledged[], toTime: Date): Promise<void> {
  const person = await logIn(createTestClient('fetch', system.gatewayUrl), trader.email, trader.password);
  const before = acknowledged.filter(({ timeMs }) => timeMs < toTime.getTime());
  expect(before.length).toBeGreaterThanOrEqual(partOfLoad * 2);
  for (const { request, orderId } of before) expect(await place(person, request)).toBe(orderId);
  const last = acknowledged.at(-1);
  expect(await place(person, last?.request ?? {})).not.toBe(last?.orderId);
}
