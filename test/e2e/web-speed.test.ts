/** How fast the web app is, with bounds that hold on a slow machine too; `npm run bench -- web` measures. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { ListOrdersResponseSchema, OrderSchema, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { fakeQuotesScript, measureTicks } from '../../bench/web/index.ts';
import { createTestClient } from '../support/clients.ts';
import { marketTerms, placeOrder, registerInvestor } from '../support/investor.ts';
import { logInAt, seenText, textOnce, untilTrue } from '../support/trading-page.ts';
import { goTo, untilLive, useChromium } from '../support/web-app.ts';

const client = createTestClient('fetch', inject('sharedSystem').gatewayUrl);
const open = useChromium();

/** The picture of the chart's time axis, which is another one wherever its view moves. */
const timeAxis = (page: Page) =>
  page.evaluate<string>(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
    done([...document.querySelectorAll('.drawn tr:last-child canvas')].map((one) => one.toDataURL()).join()))))`);

/** The time axis once it stands still: the chart draws what the wheel did some frames later. */
async function stillAxis(page: Page): Promise<string> {
  let axis = await timeAxis(page);
  await eventually(async () => {
    const before = axis;
    await pause(300);
    axis = await timeAxis(page);
    expect(axis).toBe(before);
  });
  return axis;
}

/** Trades until there are so many bars: of fewer the newest stays in sight however far the chart is scrolled, and the view follows it. */
async function untilBars(count: number): Promise<void> {
  const investor = await registerInvestor(client);
  const request = { symbol: 'ACME', interval: 'CANDLE_INTERVAL_1S', pageSize: count };
  for (let trades = 0; trades < 3 * count; trades += 1) {
    const { candles = [] } = await client.call('MarketService/ListCandles', request);
    if ((candles as unknown[]).length === count) return;
    await placeOrder(investor, marketTerms(trades % 2 === 0 ? 'BUY' : 'SELL', 'ACME', '1'));
    await pause(1_000);
  }
  throw new Error(`there are fewer than ${count} bars after ${3 * count} trades`);
}

/** Waits until the tape has a trade of another second, which is a new bar. */
async function newSeconds(page: Page): Promise<void> {
  const newest = page
    .getByRole('list', { name: /^Trades of/ })
    .getByRole('listitem')
    .first();
  const seen = new Set<string>();
  await eventually(
    async () => {
      seen.add((await seenText(newest)).slice(0, 8));
      expect(seen.size).toBeGreaterThan(1);
    },
    { timeoutMs: 60_000 },
  );
}

describe('the web app at speed', { timeout: 180_000 }, () => {
  it('shows each price in the frame after it came at 500 quotes a second, and its heap does not grow (38, 39)', async () => {
    const { page } = await open('/#/ACME', {
      prepare: (one) => one.addInitScript(fakeQuotesScript(['ACME', 'BOLT', 'KITE', 'FERN', 'OPAL'])),
    });
    await textOnce(page.locator('.strip .last'), /^\d/);
    const ticks = await measureTicks(page, { perSecond: 500, seconds: 8 });
    expect(ticks.quotes).toBeGreaterThan(2_000);
    expect(ticks.shown).toBeGreaterThan(50);
    expect(ticks.toScreenMs.median).toBeLessThan(167);
    expect(ticks.scriptMs + ticks.layoutMs).toBeLessThan(80);
    expect(ticks.heapGrowth).toBeLessThan(4_000_000);
  });

  it('leaves the view of the chart alone once it was scrolled, when new bars come and when bars are read anew (39)', {
    timeout: 240_000,
  }, async () => {
    await untilBars(30);
    const { page } = await open('/#/ACME?tf=1s');
    await untilLive(page);
    await untilTrue(page, `document.querySelector('.drawn canvas')`);
    await newSeconds(page);
    const before = await timeAxis(page);
    const { x, y, width } = (await page.locator('.drawn').boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(x + width / 2, y + 80);
    await page.mouse.wheel(0, -240);
    // The newest bar is out of sight, and more than the two that the chart does not let out of it.
    await page.mouse.wheel(-300, 0);
    // Away from the chart, whose cross follows the pointer.
    await page.mouse.move(0, 0);
    const scrolled = await stillAxis(page);
    expect(scrolled).not.toBe(before);
    await newSeconds(page);
    expect(await stillAxis(page)).toBe(scrolled);
    await page.context().setOffline(true);
    await textOnce(page.locator('#connection'), /^(Offline|Reconnecting)/);
    await page.context().setOffline(false);
    await untilLive(page);
    await newSeconds(page);
    expect(await stillAxis(page)).toBe(scrolled);
  });

  it('scrolls 10,000 orders with few rows in the page, and keeps the focus on a row out of view (37)', async () => {
    const { page } = await open('/#/ACME');
    await untilLive(page);
    await logInAt(page, await registerInvestor(client));
    await page.route('**/outcry.order.v1.OrderService/ListOrders', (route) => {
      const orders = Array.from({ length: 10_000 }, (_, index) => ({
        orderId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        symbol: 'ACME',
        side: Side.BUY,
        type: OrderType.LIMIT,
        quantity: '1',
        limitPrice: '100.00',
        status: OrderStatus.CANCELLED,
      }));
      const answer = create(ListOrdersResponseSchema, { orders: orders.map((order) => create(OrderSchema, order)) });
      const body = Buffer.from(toBinary(ListOrdersResponseSchema, answer));
      return route.fulfill({ body, contentType: 'application/proto' });
    });
    await goTo(page, 'orders');
    const grid = page.getByRole('grid', { name: 'Orders' });
    await eventually(async () => expect(await grid.getAttribute('aria-rowcount')).toBe('10001'));
    await grid.locator('[tabindex="0"]').focus();
    const frames = (await page.evaluate(`(async () => {
      const grid = document.querySelector('[role=grid][aria-label=Orders]');
      const frames = [];
      let last = performance.now();
      for (let count = 0; count < 60; count++) {
        grid.scrollTop += 120;
        await new Promise((done) => requestAnimationFrame(done));
        const now = performance.now();
        frames.push(now - last);
        last = now;
      }
      return frames.toSorted((a, b) => a - b);
    })()`)) as number[];
    expect(frames[30]).toBeLessThan(250);
    expect(await grid.locator('[data-row]').count()).toBeLessThan(120);
    expect(await page.evaluate(`document.activeElement.closest('[data-row]').dataset.row`)).toBe('0');
    await page.keyboard.press('End');
    await untilTrue(page, `document.activeElement.closest('[data-row]')?.dataset.row === '9999'`);
  });
});
