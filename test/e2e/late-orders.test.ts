/**
 * A market, IOC, FOK or by-amount order whose caller was answered canceled or deadline_exceeded has traded by then, and its key says so, or never
 * trades. LATE_ORDER_TRIES sets how often it is tried, LATE_ORDER_MS the longest deadline; the shortest is 1 ms. Where the machine is so busy that
 * no order would come as far as its row within that, it is twice the time of an order. Every other caller ends by its own clock, as clients do. That clock began before the gateway's, so what a stalled machine does in between can only be bounded for it.
 */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { timeoutSignal } from '#platform/time/within.ts';
import { createTestClient } from '../support/clients.ts';
import {
  balancesOf,
  type Investor,
  limitTerms,
  marketTerms,
  placeOrder,
  registerInvestor,
} from '../support/investor.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';

const shared = inject('sharedSystem');
const client = createTestClient('fetch', shared.gatewayUrl);
const tries = Number(process.env.LATE_ORDER_TRIES ?? 300);
const deadlineMs = Number(process.env.LATE_ORDER_MS ?? 300);
const timedOrdersEach = 5;
/** How much later than by its own clock a caller's order may have traded, beside what the slowest call to the gateway took meanwhile. */
const ownClockMs = 500;
const lookEveryMs = 50;
const buyersCount = 20;
const sharesPerOrder = 500;

/** One try: what its caller was answered, and when; `early` is what its key said at once. */
type Try = { buyer: Investor; key: string; answer: string; answeredMs: number; early: string };
const left = 'left by its own clock';
type Fill = { orderId: string; time: string };
type Order = { orderId: string; clientOrderId: string; status: string };

function termsOf(symbol: string, index: number): JsonObject {
  const limit = limitTerms('BUY', symbol, '1', '100.00');
  const { quantity: _, ...market } = marketTerms('BUY', symbol, '1');
  return [
    { ...market, quantity: '1' },
    { ...market, amount: '150.00' },
    { ...limit, timeInForce: 'TIME_IN_FORCE_IOC' },
    { ...limit, timeInForce: 'TIME_IN_FORCE_FOK' },
  ][index % 4] as JsonObject;
}

/** Places an order with a deadline in ms; every other caller leaves by its own clock too, as clients do. */
async function tryOnce(buyer: Investor, terms: JsonObject, deadlineMs: number, leaves: boolean): Promise<Try> {
  const key = randomUUID();
  const answer = await fetch(`${shared.gatewayUrl}/outcry.order.v1.OrderService/PlaceOrder`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${buyer.token}`,
      'content-type': 'application/json',
      'connect-timeout-ms': String(deadlineMs),
    },
    body: JSON.stringify({ clientOrderId: key, terms }),
    signal: timeoutSignal(leaves ? deadlineMs : 20_000),
  }).then(
    async (response) => (response.ok ? 'ok' : String(((await response.json()) as JsonObject).code)),
    () => left,
  );
  const answeredMs = Date.now();
  return { buyer, key, answer, answeredMs, early: answer === 'ok' ? '' : await statusOf(buyer, key) };
}

async function statusOf(buyer: Investor, clientOrderId: string): Promise<string> {
  try {
    const { order } = (await buyer.call('OrderService/GetOrder', { clientOrderId })) as { order: Order };
    return order.status;
  } catch (error) {
    if (String(error).includes('KEY_NOT_FOUND')) return 'none';
    throw error;
  }
}

async function readAll<T>(buyer: Investor, rpc: string, list: string): Promise<T[]> {
  const found: T[] = [];
  for (let pageToken = ''; ; ) {
    const page = await buyer.call(rpc, { pageSize: 200, pageToken });
    found.push(...((page[list] ?? []) as T[]));
    pageToken = String(page.nextPageToken ?? '');
    if (pageToken === '') return found;
  }
}

async function setUp(): Promise<{ symbol: string; buyers: Investor[] }> {
  const admin = await logInAdmin(client, shared);
  const symbol = await openBook(admin);
  const seller = await registerInvestor(client);
  const sellOrders = Math.ceil((tries + buyersCount * timedOrdersEach) / sharesPerOrder) + 1;
  await issueShares(admin, seller, symbol, String(sellOrders * sharesPerOrder));
  for (let index = 0; index < sellOrders; index += 1) {
    await placeOrder(seller, limitTerms('SELL', symbol, String(sharesPerOrder), '100.00'));
  }
  const buyers: Investor[] = [];
  for (let index = 0; index < buyersCount; index += 1) buyers.push(await registerInvestor(client));
  // There is something to trade with.
  const [first] = buyers;
  if (first !== undefined) expect((await placeOrder(first, termsOf(symbol, 0))).status).toBe('ORDER_STATUS_FILLED');
  return { symbol, buyers };
}

/** The median time of an order while all buyers place some at once, in ms. */
async function timeOrders(symbol: string, buyers: readonly Investor[]): Promise<number> {
  const times: number[] = [];
  const timeOne = async (buyer: Investor) => {
    for (let index = 0; index < timedOrdersEach; index += 1) {
      const startMs = performance.now();
      await placeOrder(buyer, termsOf(symbol, index));
      times.push(performance.now() - startMs);
    }
  };
  await Promise.all(buyers.map(timeOne));
  return times.sort((one, other) => one - other)[times.length >> 1] ?? 0;
}

/** Each buyer tries one after the other; all buyers at once. */
async function tryAll(symbol: string, buyers: readonly Investor[], deadlineMaxMs: number): Promise<Try[]> {
  let next = 0;
  const all = await Promise.all(
    buyers.map(async (buyer) => {
      const done: Try[] = [];
      for (let index = next++; index < tries; index = next++) {
        done.push(
          await tryOnce(buyer, termsOf(symbol, index), 1 + Math.floor(Math.random() * deadlineMaxMs), index % 8 > 3),
        );
      }
      return done;
    }),
  );
  return all.flat();
}

/** The longest that a call to the gateway takes until the signal aborts, in ms: so much before its clock that of a caller may begin. */
async function slowestCall(signal: AbortSignal): Promise<number> {
  let slowestMs = 0;
  while (!signal.aborted) {
    const startMs = performance.now();
    await client.call('MarketService/GetClock', {});
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    await pause(lookEveryMs, signal);
  }
  return Math.ceil(slowestMs);
}

/** The orders and fills of a buyer once all of its orders are final and nothing is held for them any more. */
function settled(buyer: Investor) {
  return eventually(
    async () => {
      const orders = await readAll<Order>(buyer, 'OrderService/ListOrders', 'orders');
      const pending = orders.filter(({ status }) => /PENDING|OPEN|PARTIALLY/.test(status));
      expect(pending).toEqual([]);
      expect((await balancesOf(buyer)).cash?.held).toBe('0.00');
      return { orders, fills: await readAll<Fill>(buyer, 'OrderService/ListFills', 'fills') };
    },
    { timeoutMs: 30_000 },
  );
}

describe('an order for the moment whose caller has heard that it is over', () => {
  it('traded before, or never trades', { timeout: 600_000 }, async () => {
    const { symbol, buyers } = await setUp();
    const medianMs = await timeOrders(symbol, buyers);
    const deadlineMaxMs = Math.max(deadlineMs, Math.ceil(2 * medianMs));
    const ended = new AbortController();
    const slowest = slowestCall(ended.signal);
    const done = await tryAll(symbol, buyers, deadlineMaxMs).finally(() => ended.abort());
    const leftMs = ownClockMs + (await slowest);
    let storedCount = 0;
    const counts: Record<string, number> = {};
    const wrong: string[] = [];
    for (const buyer of buyers) {
      const { orders, fills } = await settled(buyer);
      const byKey = new Map(orders.map((order) => [order.clientOrderId, order]));
      for (const { key, answer, answeredMs, early } of done.filter((one) => one.buyer === buyer)) {
        const order = byKey.get(key);
        if (answer !== 'ok' && order !== undefined) storedCount += 1;
        const traded = fills.filter(({ orderId }) => orderId === order?.orderId);
        const late = traded.filter(({ time }) => Date.parse(time) > answeredMs + (answer === left ? leftMs : 0));
        const outcome = `${answer}: ${order?.status.replace('ORDER_STATUS_', '') ?? 'never stored'}`;
        counts[outcome] = (counts[outcome] ?? 0) + 1;
        if (answer !== 'ok' && late.length > 0)
          wrong.push(`${outcome}, ${Date.parse(late[0]?.time ?? '') - answeredMs} ms later`);
        const changed = early.endsWith('REJECTED') || early.endsWith('CANCELLED') || early.endsWith('FILLED');
        if (changed && order?.status !== early) wrong.push(`${outcome}, and its key said ${early} before`);
      }
    }
    console.info(
      `${tries} orders with deadlines of 1 to ${deadlineMaxMs} ms (an order takes ${Math.round(medianMs)} ms): ${JSON.stringify(counts)}`,
    );
    expect(wrong).toEqual([]);
    // Where none came as far as its row, nothing was shown.
    expect(storedCount).toBeGreaterThan(0);
    const over = done.filter(
      ({ answer }) => answer === left || answer === 'canceled' || answer === 'deadline_exceeded',
    );
    expect(over.length).toBeGreaterThan(tries / 20);
  });
});
