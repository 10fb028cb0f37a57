import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { watchPage } from '#platform/testing/browser.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { readRunFile } from '../../supervisor/index.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import {
  logInAt,
  rowsOf,
  sendTicket,
  sentLines,
  showBlotter,
  textChanges,
  textOnce,
  untilTrue,
} from '../support/trading-page.ts';
import { untilLive, useChromium } from '../support/web-app.ts';

const { gatewayUrl, dataDirectory } = inject('sharedSystem');
const client = createTestClient('fetch', gatewayUrl);
const open = useChromium();

const storedIn = (page: Page) => page.evaluate('({ ...localStorage, ...sessionStorage })');
const sessionCookie = async (page: Page) => {
  const cookies = await page.context().cookies(`${gatewayUrl}/outcry.user.v1.SessionService/RefreshSession`);
  return cookies.find(({ name }) => name === 'outcry_session');
};

describe('the web app', { timeout: 180_000 }, () => {
  it('takes a person from log-in by a market order and a cancelled limit order to log-out', async () => {
    const investor = await registerInvestor(client, '100000.00');
    const { page, faults } = await open('/#/ACME');
    await untilLive(page);
    await logInAt(page, investor);
    await sendTicket(page, { side: 'Buy', quantity: '10' });
    await textOnce(sentLines(page), /Bought 10 ACME at [\d.,]+/);
    await showBlotter(page, 'Positions');
    await textOnce(rowsOf(page, 'Positions').first(), /^ACME\s+10\s/);
    await textChanges(rowsOf(page, 'Positions').first());

    await sendTicket(page, { side: 'Buy', quantity: '2', price: '160,00' });
    await showBlotter(page, 'Open orders');
    await textOnce(rowsOf(page, 'Open orders').first(), /ACME[\s\S]*Buy\s+Limit\s+2\s+160\.00/);
    await page.getByRole('button', { name: 'Cancel buy 2 ACME' }).click();
    await textOnce(page.locator('#panel-orders'), /No open orders/);
    await showBlotter(page, 'History');
    await textOnce(rowsOf(page, 'History').first(), /Cancelled: cancelled by you/);
    expect(faults).toEqual([]);
    await page.getByRole('button', { name: 'Log out' }).click();
    await textOnce(page.locator('#panel-orders'), /stand here/);
  });

  it('shows why an order would be refused, with the numbers, and cures it by a press', async () => {
    const investor = await registerInvestor(client, '1000.00');
    const { page } = await open('/#/ACME');
    await untilLive(page);
    await logInAt(page, investor);
    const quantity = page.locator('#ticket-quantity');
    await quantity.fill('10');
    await page.getByLabel('Limit price').fill('180.003');
    await textOnce(page.locator('#ticket-problem'), /180\.003 falls between two ticks/);
    await page.getByRole('button', { name: '180.00', exact: true }).click();
    await textOnce(page.locator('#ticket-problem'), /Needs up to 1,80\d\.\d\d; you have 1,000\.00 free, 0\.00 is held/);
    await page
      .locator('#ticket-problem')
      .getByRole('button', { name: /^Buy 5/ })
      .click();
    await textOnce(page.locator('.receipt'), /Holds USD\s+9\d\d\.\d\d/);
    expect(await page.locator('#ticket-problem').count()).toBe(0);
  });

  it('has its session in a cookie that no script reads, renews it in all windows at once, and asks to log in again when it is over', async () => {
    const investor = await registerInvestor(client);
    const { page } = await open('/#/ACME');
    await logInAt(page, investor);
    expect(await storedIn(page)).toEqual({ 'outcry.session': 'open' });
    expect(await page.evaluate('document.cookie')).toBe('');
    const first = await sessionCookie(page);
    expect(first).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/outcry.user.v1.SessionService' });
    const pages = [page, await page.context().newPage(), await page.context().newPage()];
    await Promise.all(pages.map((one) => one.goto(gatewayUrl)));
    for (const one of pages) await textOnce(one.locator('.receipt'), /Cash free\s+100,000\.00/);
    await eventually(async () => expect((await sessionCookie(page))?.value).not.toBe(first?.value));
    await investor.call('SessionService/LogOutEverywhere', {});
    await page.reload();
    for (const one of pages) await one.locator('.top-bar').getByRole('button', { name: 'Log in' }).waitFor();
    await eventually(async () => expect([await storedIn(page), await sessionCookie(page)]).toEqual([{}, undefined]));
  });

  it('runs under a policy that lets no text become markup or a script', async () => {
    const { page, faults } = await open('/');
    await untilLive(page);
    expect(faults).toEqual([]);
    const attempts = [
      "document.body.innerHTML = '<b>text</b>'",
      "document.createElement('script').src = '/elsewhere.js'",
      "trustedTypes.createPolicy('default', {})",
    ];
    const outcomes = attempts.map((attempt) =>
      page.evaluate(`(() => { try { ${attempt}; return 'allowed'; } catch (error) { return error.name; } })()`),
    );
    expect(await Promise.all(outcomes)).toEqual(['TypeError', 'TypeError', 'TypeError']);
  });

  it('goes on by itself after the gateway was killed, and finds the outcome of what was on its way', async () => {
    const investor = await registerInvestor(client);
    const { page } = await open('/#/KITE');
    await untilLive(page);
    await logInAt(page, investor);
    await page.locator('#ticket-quantity').fill('7');
    const gateway = readRunFile(dataDirectory)?.processes.find(({ name }) => name === 'gateway');
    // Every word is noted: a gateway may be back before the page is looked at again.
    await page.evaluate(`window.said = []; new MutationObserver(() => said.push(document.querySelector('#connection').textContent))
      .observe(document.querySelector('#connection'), { childList: true, characterData: true, subtree: true })`);
    process.kill(gateway?.pid ?? 0, 'SIGKILL');
    await untilTrue(page, `said.some((text) => text.startsWith('Reconnecting'))`);
    expect(await page.locator('#ticket-quantity').inputValue()).toBe('7');
    await untilLive(page);
    await textChanges(page.getByRole('grid', { name: 'Prices' }));
    await sendTicket(page, { side: 'Buy', quantity: '4' });
    await textOnce(sentLines(page), /Bought 4 KITE/);
  });

  it('stays live in more windows than a browser has connections', async () => {
    const { page, faults } = await open('/#/FERN');
    const windows = [page];
    for (let count = 0; count < 2; count++) windows.push(await page.context().newPage());
    for (const window of windows.slice(1)) {
      watchPage(window, gatewayUrl);
      await window.goto(`${gatewayUrl}/#/FERN`);
    }
    for (const window of windows) {
      await textChanges(window.getByRole('grid', { name: 'Prices' }));
      await textOnce(window.getByRole('listbox', { name: 'Depth of FERN' }), /\d+\.\d\d/);
    }
    expect(faults).toEqual([]);
  });
});
