/** Checks of the web app that a machine can judge in a browser; docs/web-checks.md has them all, by number. */

import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import {
  fillTicket,
  logInAt,
  rowsOf,
  seenText,
  sendTicket,
  sentLines,
  showBlotter,
  textChanges,
  textOnce,
} from '../support/trading-page.ts';
import { axeFindings, picture, sizes, untilLive, useChromium } from '../support/web-app.ts';

const { gatewayUrl } = inject('sharedSystem');
const client = createTestClient('fetch', gatewayUrl);
const open = useChromium();
const shiftObserver = `window.shift = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: 'layout-shift', buffered: true });`;

async function openApp(path = '/#/ACME?tf=1m', viewport = sizes.desktop) {
  const prepare = (page: Page) => page.addInitScript(shiftObserver);
  const watched = await open(path, { viewport, bypassCSP: true, prepare });
  await untilLive(watched.page);
  return watched;
}

const quantity = (page: Page) => page.locator('#ticket-quantity');
const step = (page: Page) => page.locator('.ticket-send').getAttribute('data-step');

describe('the Floor without an account', { timeout: 180_000 }, () => {
  it.each(Object.entries(sizes).filter(([name]) => name !== 'wide'))(
    'is live, shifts nothing, cuts nothing and has no fault for axe: %s (1, 2, 3, 6)',
    async (name, size) => {
      const { page, faults } = await openApp('/#/ACME', size);
      await textOnce(page.getByRole('listbox', { name: 'Depth of ACME' }), /\d+\.\d\d/);
      await textChanges(page.locator('.strip'));
      const [width, shift] = (await page.evaluate('[document.documentElement.scrollWidth, window.shift]')) as [
        number,
        number,
      ];
      expect(width).toBe(size.width);
      expect(shift).toBeLessThan(0.02);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await axeFindings(page)).toEqual([]);
        await picture(page, `floor-${name}-${colorScheme}`);
      }
      expect(faults).toEqual([]);
    },
  );

  it('writes figures by tick, with a true minus, a bare zero and a dash for none (7, 8)', async () => {
    const { page } = await openApp();
    const change = /[+\-\u2212]?\d+\.\d\d\u2009%/;
    const prices = await textOnce(
      page.getByRole('grid', { name: 'Prices' }),
      new RegExp(`(?:${change.source}[^]*){5}`),
    );
    const changes = [...prices.matchAll(new RegExp(change, 'g'))].map(([text]) => text);
    for (const text of changes) expect(text).toMatch(/^(?:[+\u2212](?!0\.00)\d+\.\d\d|0\.00)\u2009%$/);
    expect(prices).not.toMatch(/[-]\d/);
  });

  it('types in the search, and has the single letters off when they are switched off (16, 17, 18)', async () => {
    const { page } = await openApp();
    await page.keyboard.press('/');
    await page.waitForFunction(`document.activeElement.role === 'combobox'`);
    await page.keyboard.type('bo');
    await page.keyboard.press('Enter');
    await textOnce(page.locator('.strip h1'), /^BOLT/);
    await page.keyboard.press('b');
    await page.waitForFunction(`document.activeElement.id === 'ticket-quantity'`);
    await page.keyboard.press('Escape');
    await page.locator('.strip').click();
    await page.evaluate(`document.activeElement.blur()`);
    await page.keyboard.press('?');
    await page.getByLabel('Single letters act').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    expect(await page.locator('.ticket-sides :checked').inputValue()).toBe('buy');
  });

  it('dims prices and says that it is offline, sends nothing, and is live again with the network (9, 10)', async () => {
    const { page } = await openApp();
    await quantity(page).fill('5');
    await page.context().setOffline(true);
    await textOnce(page.locator('#connection'), /^(Offline|Reconnecting)/);
    expect(await page.locator('#screen').getAttribute('class')).toMatch(/stale/);
    expect(await page.title()).toMatch(/\(old\)$/);
    expect(await page.locator('.ticket-send').isDisabled()).toBe(true);
    await page.context().setOffline(false);
    await untilLive(page);
    expect(await quantity(page).inputValue()).toBe('5');
    await textChanges(page.getByRole('grid', { name: 'Prices' }));
    await page.getByRole('button', { name: 'Table' }).click();
    // Of the last minutes no candle is missing, and none counts a trade twice.
    await eventually(async () => {
      const { candles } = (await client.call('MarketService/ListCandles', { symbol: 'ACME', pageSize: 4 })) as {
        candles: { volume: string }[];
      };
      const shown = (await page.locator('.chart-table tbody tr').allInnerTexts()).slice(0, 4);
      const volumes = shown.map((row) => row.split('\t')[5]?.replaceAll(',', '').trim());
      expect(volumes.slice(1)).toEqual(candles.slice(1).map(({ volume }) => String(Math.floor(Number(volume)))));
    });
  });

  it('has clock, tape, chart and the end of an order in the zone that is chosen, and nothing moves where that is not wanted (15, 20)', async () => {
    const { page } = await openApp();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.evaluate(`localStorage.setItem('outcry.preferences', JSON.stringify({ zone: 'utc' }))`);
    await page.reload();
    await untilLive(page);
    await textOnce(page.locator('.clock'), /UTC$/);
    const utcHour = () => new Date().toISOString().slice(11, 13);
    const tape = page.getByRole('list', { name: 'Trades of ACME' }).getByRole('listitem').first();
    await eventually(async () => expect((await seenText(tape)).slice(0, 2)).toBe(utcHour()));
    await page.getByRole('button', { name: 'Table' }).click();
    const bar = page.locator('.chart-table tbody tr').first();
    await eventually(async () => expect((await seenText(bar)).slice(0, 2)).toBe(utcHour()));
    await page.getByLabel('Time in force').selectOption('GTD');
    await page.getByLabel('Until, UTC').waitFor();
    expect(
      await page.evaluate('document.getAnimations().filter(({ playState }) => playState === "running").length'),
    ).toBe(0);
  });

  it('clears the draft on a new symbol, ignores the wheel, and leaves a typed price alone (24, 25, 26, 27)', async () => {
    const { page } = await openApp();
    await fillTicket(page, { side: 'Sell', quantity: '3', price: '180,5' });
    await textOnce(page.locator('.ticket-send'), /Log in/);
    const price = page.getByLabel('Limit price');
    await price.focus();
    await page.mouse.move(1_150, 270);
    await page.mouse.wheel(0, 400);
    await textChanges(page.locator('.strip'));
    expect(await price.inputValue()).toBe('180,5');
    await page.keyboard.press('ArrowUp');
    expect(await price.inputValue()).toBe('180.51');
    await page.getByRole('grid', { name: 'Prices' }).getByText('KITE').click();
    await textOnce(page.locator('.strip h1'), /^KITE/);
    expect([await quantity(page).inputValue(), await price.inputValue()]).toEqual(['', '']);
    expect(await page.locator('.ticket-sides :checked').inputValue()).toBe('sell');
  });
});

describe('the ticket with an account', { timeout: 180_000 }, () => {
  it('goes no farther than the review while Enter is held, and places one order however often it is pressed (22, 23)', async () => {
    const { page } = await openApp('/#/KITE');
    await logInAt(page, await registerInvestor(client));
    await fillTicket(page, { side: 'Buy', quantity: '4' });
    await quantity(page).focus();
    await textOnce(page.locator('.receipt'), /At worst\s+\d/);
    for (let count = 0; count < 20; count++) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(await step(page)).toBe('review');
    await picture(page, 'ticket-review');
    await page.keyboard.press('Escape');
    expect(await step(page)).toBe('fill');
    const send = page.locator('.ticket-send');
    await send.click();
    await page.waitForFunction(`performance.now() > (window.start ??= performance.now()) + 450`);
    for (let count = 0; count < 5; count++) await send.click({ force: true, noWaitAfter: true });
    await textOnce(sentLines(page), /Bought 4 KITE/);
    await showBlotter(page, 'History');
    await textOnce(rowsOf(page, 'History'), /KITE/);
    expect(await rowsOf(page, 'History').count()).toBe(1);
  });

  it('shows a bracket as one row, and cancels it as one (33, 34)', async () => {
    const { page } = await openApp('/#/ACME');
    await logInAt(page, await registerInvestor(client));
    await page.getByLabel('Type').selectOption('bracket');
    await quantity(page).fill('2');
    await page.getByLabel('Limit price').fill('170');
    await page.getByLabel('Take profit').fill('190');
    await page.getByLabel('Stop price').fill('160');
    await textOnce(page.locator('.receipt'), /Holds USD\s+34\d\.\d\d/);
    await quantity(page).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(`performance.now() > (window.start ??= performance.now()) + 450`);
    await page.keyboard.press('Enter');
    await textOnce(rowsOf(page, 'Open orders'), /Bracket[\s\S]*entry 170\.00, target 190\.00, stop 160\.00/);
    expect(await rowsOf(page, 'Open orders').count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, 'floor-bracket');
    const seen = Promise.withResolvers<void>();
    await page.route('**/outcry.order.v1.OrderService/CancelOrders', async (route) => {
      await seen.promise;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Cancel buy 2 ACME' }).click();
    await textOnce(rowsOf(page, 'Open orders'), /Cancelling/);
    seen.resolve();
    await textOnce(page.locator('#panel-orders'), /No open orders/);
  });

  it('amends an order in its row, and finds an order after a reload while it was sent (21)', async () => {
    const { page } = await openApp('/#/ACME');
    const investor = await registerInvestor(client);
    await logInAt(page, investor);
    await sendTicket(page, { side: 'Buy', quantity: '2', price: '165' });
    await page.getByRole('button', { name: 'Amend buy 2 ACME' }).click();
    await page.locator('#amend-price').fill('166');
    await textOnce(page.locator('.amend'), /end of the queue/);
    await page.locator('.amend').getByRole('button', { name: 'Amend' }).click();
    await textOnce(rowsOf(page, 'Open orders'), /166\.00/);
    // The answer to the order never comes here.
    const [arrived, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await page.route('**/outcry.order.v1.OrderService/PlaceOrder', async (route) => {
      await route.fetch();
      arrived.resolve();
      await left.promise;
      await route.abort().catch(() => {});
    });
    await sendTicket(page, { side: 'Buy', quantity: '3', price: '164' });
    // A page that is left before its call has gone out has sent nothing.
    await arrived.promise;
    await page.reload();
    left.resolve();
    await textOnce(sentLines(page), /Buy 3 ACME at 164\.00: open/);
    await textOnce(rowsOf(page, 'Open orders'), /164\.00/);
    expect(await rowsOf(page, 'Open orders').count()).toBe(2);
    // A cancel without an answer is in sight, and asked again.
    await page.route('**/outcry.order.v1.OrderService/CancelOrders', (route) => route.abort(), { times: 1 });
    await page.getByRole('button', { name: 'Cancel buy 3 ACME' }).click();
    await textOnce(page.locator('.notice'), /No answer yet: cancel of an order/);
    await eventually(async () => expect(await rowsOf(page, 'Open orders').count()).toBe(1));
    await page.getByRole('button', { name: 'Close the notice' }).click();
    // An order that ends while it is dragged takes what is dragged along.
    const box = await page.getByRole('button', { name: /^Buy 2 at 166\.00: drag/ }).boundingBox();
    const { x, y } = box ?? { x: 0, y: 0 };
    await page.mouse.move(x + 8, y + 8);
    await page.mouse.down();
    await page.mouse.move(x + 8, y - 40);
    await textOnce(page.locator('.chart-order.ghost'), /end of the queue/);
    await investor.call('OrderService/CancelAllOrders', { symbol: 'ACME', idempotencyKey: 'while-dragged' });
    await textOnce(page.locator('.chart-refusal'), /The order ended/);
    expect(await page.locator('.chart-order.ghost').count()).toBe(0);
  });
});
