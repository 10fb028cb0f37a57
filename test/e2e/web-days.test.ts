/** Days at the web app: of a day trader, and of a book that is halted. */
import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { limitTerms, placeOrder, registerInvestor } from '../support/investor.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import {
  firstOpenOrder,
  logInAt,
  pressEnterTwice,
  quantityOf,
  rowsOf,
  seenText,
  sentLines,
  showBlotter,
  textChanges,
  textOnce,
} from '../support/trading-page.ts';
import { openTwoSides } from '../support/two-sides.ts';
import { picture, sizes, untilLive, useChromium } from '../support/web-app.ts';

const shared = inject('sharedSystem');
const client = createTestClient('fetch', shared.gatewayUrl);
const open = useChromium();

// Moves a line of the chart up or down; returns the price that was shown where it was dropped.
async function dragLine(page: Page, handle: Locator, byPx: number): Promise<string> {
  const { x, y, width, height } = (await handle.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [startX, startY] = [x + width / 2, y + height / 2];
  await page.mouse.move(startX, startY);
  await page.mouse.down();
  for (const part of [0.3, 0.7, 1]) await page.mouse.move(startX, startY + byPx * part);
  const ghost = await textOnce(page.locator('.chart-order.ghost'), /^\d+\.\d\d, end of the queue$/);
  await page.mouse.up();
  return ghost.split(',')[0] ?? '';
}

describe('the day of a day trader', { timeout: 180_000 }, () => {
  it('has a bracket amended by a drag, filled in parts as one line, left at its target, and a stop that trails (32, 33, 35)', async () => {
    const admin = await logInAdmin(client, shared);
    const { symbol, seller, buyer, tradeAt } = await openTwoSides(client, admin);
    const trader = await registerInvestor(client, '2100.00');
    await tradeAt('95.00');
    await tradeAt('105.00');
    const { page, faults } = await open(`/#/${symbol}`, { viewport: sizes.wide });
    await untilLive(page);
    await logInAt(page, trader);
    await page.getByLabel('Type').selectOption('bracket');
    await quantityOf(page).fill('20');
    await page.getByLabel('Limit price').fill('99');
    await page.getByLabel('Take profit').fill('110');
    await page.getByLabel('Stop price').fill('90');
    await textOnce(page.locator('.receipt'), /Holds USD\s+1,98\d\.\d\d/);
    await quantityOf(page).focus();
    await pressEnterTwice(page);
    await textOnce(firstOpenOrder(page), /Bracket[\s\S]*entry 99\.00, target 110\.00, stop 90\.00/);

    const entry = page.getByRole('button', { name: 'Buy 20 at 99.00: drag to amend' });
    await dragLine(page, entry, -400);
    const refusal = await textOnce(page.locator('.chart-refusal'), /^Stays at 99\.00\. /);
    expect(refusal).not.toMatch(/[A-Z]_[A-Z]/);
    await textOnce(firstOpenOrder(page), /entry 99\.00/);
    await picture(page, 'chart-drag-refused');
    const to = await dragLine(page, entry, 30);
    expect(Number(to)).toBeLessThan(99);
    await textOnce(firstOpenOrder(page), new RegExp(`entry ${to}`));
    await page.getByRole('button', { name: `Amend buy 20 ${symbol}` }).click();
    await page.getByLabel('Which').selectOption({ label: 'stop 90.00' });
    await page.locator('#amend-price').fill('91');
    await page.keyboard.press('Enter');
    await textOnce(firstOpenOrder(page), /stop 91\.00/);

    for (let count = 0; count < 20; count++) await placeOrder(seller, limitTerms('SELL', symbol, '1', to));
    await textOnce(sentLines(page), new RegExp(`^Bought 20 ${symbol} at ${to}`));
    expect(await sentLines(page).getByRole('listitem').count()).toBe(1);
    expect(await quantityOf(page).isEnabled()).toBe(true);
    await textOnce(firstOpenOrder(page), /target 110\.00, stop 91\.00/);
    expect(await rowsOf(page, 'Open orders').count()).toBe(1);
    await picture(page, 'day-trader');
    await placeOrder(buyer, limitTerms('BUY', symbol, '20', '110.00'));
    await textOnce(page.locator('#panel-orders'), /No open orders/);

    await issueShares(admin, trader, symbol, '5');
    await page.locator('.ticket-sides [data-value="sell"]').click();
    await page.getByLabel('Type').selectOption('trailing');
    await quantityOf(page).fill('5');
    await page.getByLabel('Trail %').fill('5');
    await quantityOf(page).focus();
    await eventually(async () => expect(await page.locator('.ticket-send').isEnabled()).toBe(true));
    await pressEnterTwice(page);
    await textOnce(firstOpenOrder(page), /Trailing\s+5/);
    // Where it would trigger now stands on the chart.
    await page.getByRole('button', { name: 'Sell 5 at 104.50', exact: true }).waitFor();
    await placeOrder(buyer, limitTerms('BUY', symbol, '5', '101.00'));
    await tradeAt('103.00');
    await textOnce(page.locator('#panel-orders'), /No open orders/);
    await showBlotter(page, 'History');
    await textOnce(rowsOf(page, 'History').first(), /Trailing[\s\S]*Filled/);
    // The refused amend is no fault of the page.
    expect(faults.filter((fault) => !fault.includes('ReplaceOrder'))).toEqual([]);
  });

  it('sends by one press in the Pit only while that is armed and figures move, and pulls orders there (31)', async () => {
    const { page } = await open('/#/KITE', { viewport: sizes.wide });
    await untilLive(page);
    await logInAt(page, await registerInvestor(client));
    const pit = page.getByRole('listbox', { name: 'Depth of KITE' });
    await textOnce(page.locator('.receipt'), /Cash free\s+100,000\.00/);
    // At so low a price several of the house's levels are one: there are two at least.
    const bids = pit.locator('.bids .pit-row');
    await eventually(async () => expect(await bids.count()).toBeGreaterThan(1));
    const best = bids.nth(Math.min(3, (await bids.count()) - 1));
    await best.click();
    expect(await page.getByLabel('Limit price').inputValue()).toMatch(/^\d+\.\d\d$/);
    await page.getByRole('button', { name: 'Arm', exact: true }).click();
    await page.getByLabel('Size of a press').fill('900000');
    await page.keyboard.press('Enter');
    await textOnce(page.locator('#arm-size-hint'), /goes through the ticket/);
    await page.getByLabel('Size of a press').fill('2');
    await page.keyboard.press('Enter');
    await textOnce(page.locator('.armed'), /^ARMED 2\s+a press buys at its price$/);
    // Under the pointer the rows stay at their prices.
    await best.hover();
    const held = await seenText(best.locator('.price'));
    await textChanges(page.getByRole('grid', { name: 'Prices' }));
    expect(await seenText(best.locator('.price'))).toBe(held);
    await best.click();
    await textOnce(sentLines(page), new RegExp(`Buy 2 KITE at ${held}: open`));
    await picture(page, 'pit-armed');
    await textOnce(firstOpenOrder(page), /KITE/);
    expect(await rowsOf(page, 'Open orders').count()).toBe(1);
    await page.mouse.move(0, 0);
    await page.locator('body').press('z');
    await textOnce(page.locator('#connection'), /^Frozen/);
    await textOnce(page.locator('.armed'), /off: figures are frozen/);
    const frozen = await seenText(page.locator('.strip .last'));
    expect(await page.locator('.ticket-send').isDisabled()).toBe(true);
    await page.locator('body').press('z');
    await untilLive(page);
    await textChanges(page.locator('.strip'));
    expect(frozen).toMatch(/\d/);
    await page.getByRole('button', { name: 'Disarm' }).click();
    expect(await page.locator('.armed').count()).toBe(0);
  });

  it('wants a box ticked before an order that moves the price by more than 5 % (30)', async () => {
    const { symbol, seller, tradeAt } = await openTwoSides(client, await logInAdmin(client, shared));
    await tradeAt('100.00');
    for (const price of ['100.00', '107.00']) await placeOrder(seller, limitTerms('SELL', symbol, '1', price));
    const { page } = await open(`/#/${symbol}`);
    await untilLive(page);
    await logInAt(page, await registerInvestor(client));
    await page.getByLabel('Type').selectOption('market');
    await quantityOf(page).fill('2');
    // Both what the book says and what the server says of it.
    await textOnce(page.locator('.receipt'), /Fills now, about\s+2\b[\s\S]*At worst\s+\d/);
    await quantityOf(page).focus();
    await pressEnterTwice(page);
    await textOnce(page.locator('.ticket-why'), /moves the price by 7\.0/);
    expect(await sentLines(page).count()).toBe(0);
    await page.getByLabel('I want that').check();
    await page.locator('.ticket-send').click();
    await textOnce(sentLines(page), new RegExp(`^Bought 1 of 2 ${symbol}`));
  });

  it('takes Max with the fee for a limit and for a market order, and both are accepted (28)', async () => {
    // A book that stands still: where prices rise between the press and the order, Max is too much for a market order.
    const admin = await logInAdmin(client, shared);
    const symbol = await openBook(admin, { lotSize: '0.0001' });
    const seller = await registerInvestor(client);
    await issueShares(admin, seller, symbol, '100');
    await placeOrder(seller, limitTerms('SELL', symbol, '100', '100.00'));
    const { page } = await open(`/#/${symbol}`);
    await untilLive(page);
    await logInAt(page, await registerInvestor(client, '5000.00'));
    const max = page.getByRole('button', { name: 'Max', exact: true });
    for (const type of ['limit', 'market']) {
      await page.getByLabel('Type').selectOption(type);
      if (type === 'limit') await page.getByLabel('Limit price').fill('90');
      await eventually(async () => {
        await max.click();
        expect(await quantityOf(page).inputValue()).toMatch(/^\d+(?:\.\d+)?$/);
      });
      await textOnce(page.locator('.receipt'), /Holds USD\s+\d/);
      expect(await seenText(page.locator('#ticket-problem'))).toBe('');
      await quantityOf(page).focus();
      await pressEnterTwice(page);
      const sent = type === 'limit' ? `^Buy 55[.\\d]* ${symbol} at 90\\.00: open` : `^Bought 47[.\\d]* ${symbol}`;
      await textOnce(sentLines(page), new RegExp(sent));
      if (type === 'limit') await page.getByRole('button', { name: /^Cancel buy 55/ }).click();
      await textOnce(page.locator('#panel-orders'), /No open orders/);
    }
  });
});

describe('a book that does not trade', { timeout: 180_000 }, () => {
  it('is said to be halted by strip, Pit, ticket and chart, and an auction has its own name and imbalance (13, 14)', async () => {
    const admin = await logInAdmin(client, shared);
    const { symbol, seller, buyer, tradeAt } = await openTwoSides(client, admin);
    await tradeAt('100.00');
    const { page } = await open(`/#/${symbol}`, { viewport: sizes.wide });
    await untilLive(page);
    await logInAt(page, buyer);
    const keyed = () => ({ idempotencyKey: randomUUID(), symbol });
    await admin.call('MarketAdminService/HaltInstrument', keyed());
    await textOnce(page.locator('.strip .state'), /^HALTED by the operator/);
    await textOnce(page.locator('#panel-pit'), /HALTED\s+no trading/);
    await textOnce(page.locator('.ticket-why'), /HALTED: by the operator.*Cancels work/);
    await page
      .getByRole('application', { name: `Candles of ${symbol}, shaded from the last one on: halted` })
      .waitFor();
    await picture(page, 'halted');
    // An auction that lasts until it was looked at, however long that takes.
    await admin.call('MarketAdminService/ResumeInstrument', { ...keyed(), auctionDuration: '600s' });
    await placeOrder(seller, limitTerms('SELL', symbol, '5', '99.00'));
    await placeOrder(buyer, limitTerms('BUY', symbol, '8', '101.00'));
    const words = /AUCTION:? \d+\.\d\d x 5, buyers over by 3, ends (9:[0-5]\d|[0-8]:\d\d)/;
    await textOnce(page.locator('.strip .state'), words);
    await textOnce(page.locator('.ticket-why'), words);
    await textOnce(page.locator('#panel-pit'), /\d+\.\d\d\s+indicative/);
    await picture(page, 'auction');
    await admin.call('MarketAdminService/ResumeInstrument', keyed());
    await textOnce(page.locator('.strip .state'), /^Open/);
    await textOnce(page.getByRole('list', { name: `Trades of ${symbol}` }), /5\s+\d+\.\d\d/);
  });
});
