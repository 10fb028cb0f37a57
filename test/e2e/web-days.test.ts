/** Days at the web app: of a day trader, and of a book that is halted. */
import { randomUUID } from 'node:crypto';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { limitTerms, placeOrder, registerInvestor } from '../support/investor.ts';
import { logInAdmin } from '../support/market.ts';
import {
  logInAt,
  pressEnterTwice,
  quantityOf,
  rowsOf,
  seenText,
  sentLines,
  textChanges,
  textOnce,
} from '../support/trading-page.ts';
import { openTwoSides } from '../support/two-sides.ts';
import { picture, sizes, untilLive, useChromium } from '../support/web-app.ts';

const shared = inject('sharedSystem');
const client = createTestClient('fetch', shared.gatewayUrl);
const open = useChromium();

describe('the day of a day trader', { timeout: 180_000 }, () => {
  it('sends by one press in the Pit only while that is armed and figures move, and pulls orders there (31)', async () => {
    const { page } = await open('/#/KITE', { viewport: sizes.wide });
    await untilLive(page);
    await logInAt(page, await registerInvestor(client));
    const pit = page.getByRole('listbox', { name: 'Depth of KITE' });
    const best = pit.locator('.bids .pit-row').nth(3);
    await textOnce(page.locator('.receipt'), /Cash free\s+100,000\.00/);
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

  it('takes Max with the fee for a limit and for a market order, and both are accepted (28)', async () => {
    const { page } = await open('/#/ACME');
    await untilLive(page);
    await logInAt(page, await registerInvestor(client, '5000.00'));
    const max = page.getByRole('button', { name: 'Max', exact: true });
    for (const type of ['limit', 'market']) {
      await page.getByLabel('Type').selectOption(type);
      if (type === 'limit') await page.getByLabel('Limit price').fill('165');
      await eventually(async () => {
        await max.click();
        expect(await quantityOf(page).inputValue()).toMatch(/^\d+(?:\.\d+)?$/);
      });
      await textOnce(page.locator('.receipt'), /Holds USD\s+\d/);
      expect(await seenText(page.locator('#ticket-problem'))).toBe('');
      await quantityOf(page).focus();
      await pressEnterTwice(page);
      await textOnce(sentLines(page), type === 'limit' ? /^Buy 30[.\d]* ACME at 165\.00: open/ : /^Bought [.\d]+ ACME/);
      if (type === 'limit') await page.getByRole('button', { name: /^Cancel buy 30/ }).click();
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
    await admin.call('MarketAdminService/ResumeInstrument', { ...keyed(), auctionDuration: '8s' });
    await placeOrder(seller, limitTerms('SELL', symbol, '5', '99.00'));
    await placeOrder(buyer, limitTerms('BUY', symbol, '8', '101.00'));
    await textOnce(page.locator('.strip .state'), /^AUCTION \d+\.\d\d x 5, buyers over by 3/);
    await textOnce(page.locator('#panel-pit'), /\d+\.\d\d\s+indicative/);
    await picture(page, 'auction');
    await textOnce(page.locator('.strip .state'), /^Open/);
    await textOnce(page.getByRole('list', { name: `Trades of ${symbol}` }), /5\s+\d+\.\d\d/);
  });
});
