/** The web app with the keyboard alone, and on a phone. */
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import {
  firstOpenOrder,
  logInAt,
  pressEnterTwice,
  rowsOf,
  sendTicket,
  sentLines,
  textOnce,
  untilReviewed,
  untilTrue,
} from '../support/trading-page.ts';
import { picture, sizes, untilLive, useChromium } from '../support/web-app.ts';

const client = createTestClient('fetch', inject('sharedSystem').gatewayUrl);
const open = useChromium();

describe('the keyboard alone', { timeout: 180_000 }, () => {
  it('logs in, finds a symbol, buys, amends, cancels and logs out; a reader hears the fill once and no price (16, 19)', async () => {
    const investor = await registerInvestor(client);
    const { page, faults } = await open('/#/ACME', { viewport: sizes.desktop });
    await untilLive(page);
    await page.evaluate(`window.heard = []; for (const one of document.querySelectorAll('[aria-live], [role=alert].hidden'))
      new MutationObserver(() => one.textContent && heard.push(one.textContent))
        .observe(one, { childList: true, characterData: true, subtree: true })`);
    const { keyboard } = page;
    await page.locator('.top-bar').getByRole('button', { name: 'Log in', exact: true }).focus();
    await keyboard.press('Enter');
    await untilTrue(page, `document.activeElement.matches('dialog input')`);
    await keyboard.type(investor.email);
    await keyboard.press('Tab');
    await keyboard.type(investor.password);
    await keyboard.press('Enter');
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    await keyboard.press('/');
    await untilTrue(page, `document.activeElement.role === 'combobox'`);
    await keyboard.type('kite');
    await keyboard.press('Enter');
    await textOnce(page.locator('.strip h1'), /^KITE/);
    await page.evaluate('heard.length = 0');
    await keyboard.press('b');
    await untilTrue(page, `document.activeElement.id === 'ticket-quantity'`);
    await keyboard.type('3');
    await page.getByLabel('Type').selectOption('market');
    await eventually(async () => expect(await page.locator('.ticket-send').isEnabled()).toBe(true));
    await textOnce(page.locator('.receipt'), /At worst\s+\d/);
    await pressEnterTwice(page);
    await textOnce(sentLines(page), /Bought 3 KITE/);
    await eventually(async () => {
      const all = (await page.evaluate('heard')) as string[];
      // On a busy machine prices may be old for a moment.
      const heard = all.filter((text) => !/^(Prices|Reconnecting|Offline)/.test(text));
      expect(heard.filter((text) => text.includes('Bought 3 KITE'))).toHaveLength(1);
      expect(heard.length).toBeLessThanOrEqual(3);
    });
    await keyboard.press('Escape');
    await page.evaluate('document.activeElement.blur(); heard.length = 0');
    await keyboard.press('q');
    await eventually(async () => expect(await page.evaluate('heard.join()')).toMatch(/^KITE [\d.]+, bid/));

    await page.getByRole('application', { name: /^Candles of KITE/ }).focus();
    await keyboard.press('ArrowLeft');
    await keyboard.press('Enter');
    await eventually(async () => expect(await page.evaluate('heard.join()')).toMatch(/open [\d.]+, high [\d.]+, low/));

    await sendTicket(page, { side: 'Buy', quantity: '2', price: '3.10' });
    await textOnce(firstOpenOrder(page), /3\.10/);
    await page.getByRole('grid', { name: 'Open orders' }).locator('[tabindex="0"]').focus();
    await keyboard.press('ArrowRight');
    // At once: what takes the focus next must not lose it to a cell that takes it late.
    expect(await page.evaluate('document.activeElement.dataset.column')).toBe('1');
    await keyboard.press('e');
    await untilTrue(page, `document.activeElement.id === 'amend-quantity'`);
    await keyboard.press('Tab');
    await keyboard.press('Shift+ArrowUp');
    await keyboard.press('Enter');
    await textOnce(firstOpenOrder(page), /3\.20/);
    await page.getByRole('grid', { name: 'Open orders' }).locator('[tabindex="0"]').focus();
    await keyboard.press('c');
    await textOnce(page.locator('#panel-orders'), /No open orders/);

    await sendTicket(page, { side: 'Buy', quantity: '1', price: '3.10' });
    await textOnce(firstOpenOrder(page), /3\.10/);
    await page.getByRole('grid', { name: 'Open orders' }).locator('[tabindex="0"]').focus();
    await keyboard.press('Shift+C');
    await untilTrue(page, `document.activeElement.textContent === 'Cancel all of KITE'`);
    await keyboard.press('Enter');
    await textOnce(page.locator('#panel-orders'), /No open orders/);
    await page.getByRole('tab', { name: 'Positions' }).press('Enter');
    await page.getByRole('grid', { name: 'Positions' }).locator('[tabindex="0"]').focus();
    await keyboard.press('Shift+X');
    await textOnce(page.getByRole('form', { name: 'Close all' }), /Sell at market 1: 3 KITE\?/);
    await keyboard.press('Enter');
    await textOnce(page.locator('#panel-orders'), /No positions/);
    await page.getByRole('tab', { name: /^Open orders/ }).press('Enter');
    const separator = page.getByRole('separator', { name: 'Height of the orders' });
    await separator.press('ArrowUp');
    expect(await separator.getAttribute('aria-valuenow')).toBe('286');
    await page.getByRole('button', { name: 'Log out' }).focus();
    await keyboard.press('Enter');
    await textOnce(page.locator('#panel-orders'), /stand here/);
    expect(faults).toEqual([]);
  });
});

describe('a phone', { timeout: 180_000 }, () => {
  it('buys from the Pit by its sheet, finds the order as a card, cancels it, and reaches the other screens', async () => {
    const { page } = await open('/#/KITE', { viewport: sizes.phone, hasTouch: true, isMobile: true });
    await untilLive(page);
    await logInAt(page, await registerInvestor(client));
    await page.getByRole('tab', { name: 'Pit' }).tap();
    await page.getByRole('listbox', { name: 'Depth of KITE' }).locator('.bids .pit-row').nth(1).tap();
    const sheet = page.getByRole('dialog', { name: 'Ticket' });
    await sheet.waitFor();
    expect((await page.locator('.strip').boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await sheet.getByLabel('Limit price').fill('3.10');
    await sheet.locator('#ticket-quantity').fill('2');
    await textOnce(sheet.locator('.receipt'), /Holds USD\s+\d/);
    const send = sheet.locator('.ticket-send');
    await send.tap();
    await untilReviewed(page);
    await picture(page, 'ticket-phone');
    await send.tap();
    await textOnce(sheet.getByRole('list', { name: 'Sent from here' }), /Buy 2 KITE at 3\.10: open/);
    await sheet.getByRole('button', { name: 'Close the ticket' }).tap();
    await page.getByRole('tab', { name: 'Orders', exact: true }).tap();
    await textOnce(firstOpenOrder(page), /KITE[\s\S]*3\.10/);
    await picture(page, 'orders-phone');
    const cancel = page.getByRole('button', { name: 'Cancel buy 2 KITE' });
    expect((await cancel.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await cancel.tap();
    await textOnce(page.locator('#panel-orders'), /No open orders/);
    await page.getByRole('tab', { name: 'You' }).tap();
    await page.getByRole('link', { name: 'Money' }).tap();
    await textOnce(rowsOf(page, 'Balances'), /USD[\s\S]*100,000\.00/);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(sizes.phone.width);
  });
});
