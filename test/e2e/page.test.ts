import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { readRunFile } from '../../supervisor/index.ts';
import { findChromium, launchChromium, openPage, watchPage } from '../support/browser.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import { figure, fillTicket, logInAt, rowsOf, textChanges, textOnce, ticketAnswer } from '../support/trading-page.ts';

const { gatewayUrl, dataDirectory } = inject('sharedSystem');
const client = createTestClient('fetch', gatewayUrl);
const chromiumPath = findChromium();
let browser: Browser;

beforeAll(async () => {
  if (chromiumPath !== undefined) browser = await launchChromium(chromiumPath);
});
afterAll(async () => {
  await browser?.close();
});
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});
beforeEach((context) => requireOrSkip(context, chromiumPath !== undefined, 'no Chromium is installed'));

async function openTradingPage(path = '/', viewport = { width: 1280, height: 900 }) {
  const watched = await openPage(browser, gatewayUrl, { viewport });
  await watched.page.goto(`${gatewayUrl}${path}`);
  return watched;
}

const untilLive = (page: Page) => textOnce(page.locator('#connection'), /^live$/);
const storedIn = (page: Page) => page.evaluate('({ ...localStorage, ...sessionStorage })');
const sessionCookie = async (page: Page) => {
  const cookies = await page.context().cookies(`${gatewayUrl}/outcry.user.v1.SessionService/RefreshSession`);
  return cookies.find(({ name }) => name === 'outcry_session');
};
const focusedText = (page: Page) => page.evaluate('document.activeElement.textContent') as Promise<string>;

describe('the first page', { timeout: 180_000 }, () => {
  it('shows anybody prices and depth that move, without losing the place of who uses the keyboard', async () => {
    const { page, faults } = await openTradingPage();
    await untilLive(page);
    await textChanges(page.getByRole('table', { name: 'Prices' }));
    expect(await rowsOf(page, 'Prices').count()).toBeGreaterThanOrEqual(12);
    const chosen = page.getByRole('button', { name: 'BOLT', exact: true });
    await chosen.focus();
    await page.keyboard.press('Enter');
    const depth = page.getByRole('table', { name: 'Depth of BOLT' });
    await textOnce(depth, /\d+\.\d\d/);
    await textChanges(depth);
    await textChanges(page.getByRole('table', { name: 'Prices' }));
    expect(await chosen.getAttribute('aria-pressed')).toBe('true');
    expect(await focusedText(page)).toBe('BOLT');
    expect(await page.getByLabel('Symbol').inputValue()).toBe('BOLT');
    await fillTicket(page, { symbol: 'BOLT', side: 'Buy', quantity: '1' });
    await textOnce(ticketAnswer(page), /Log in to place orders/);
    expect(faults).toEqual([]);
  });

  it('takes a person from log-in by a market order and a cancelled limit order to log-out', async () => {
    const investor = await registerInvestor(client, '100000.00');
    const { page, faults } = await openTradingPage('/#ACME');
    await logInAt(page, investor);
    await textOnce(figure(page, 'Cash'), /^100,000\.00$/);
    await fillTicket(page, { symbol: 'acme', side: 'Buy', quantity: '10' });
    await textOnce(ticketAnswer(page), /^Buy 10 ACME at market: filled 10 at [\d.,]+, fee [\d.]+\.$/);
    await textOnce(rowsOf(page, 'Orders').first(), /ACME\s+buy\s+10\s+market\s+10\s+[\d.]+\s+filled/);
    await textOnce(rowsOf(page, 'Positions').first(), /^ACME\s+10\s/);
    await fillTicket(page, { symbol: 'ACME', side: 'Buy', quantity: '0.2665' });
    await textOnce(ticketAnswer(page), /^Buy 0\.2665 ACME at market: filled 0\.2665 at [\d.,]+, fee 0\.0\d+\.$/);
    await textOnce(rowsOf(page, 'Positions').first(), /^ACME\s+10\.2665\s/);
    await textOnce(figure(page, 'Cash'), /^9\d,\d{3}\.\d\d$/);
    await textOnce(figure(page, 'Market value'), /^[\d,]+\.\d\d$/);
    await textChanges(figure(page, 'Unrealised'));

    await fillTicket(page, { symbol: 'ACME', side: 'Buy', quantity: '2', price: '160.00' });
    await textOnce(ticketAnswer(page), /^Buy 2 ACME at 160\.00: open\.$/);
    await textOnce(figure(page, 'Held by orders'), /^320\.\d\d$/);
    await page.getByRole('button', { name: 'Cancel buy 2 ACME' }).click();
    await textOnce(rowsOf(page, 'Orders').first(), /cancelled/);
    await textOnce(figure(page, 'Held by orders'), /^0\.00$/);
    expect(faults).toEqual([]);

    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    expect(await page.getByRole('button', { name: 'Log out' }).isVisible()).toBe(false);
    await textOnce(rowsOf(page, 'Orders').first(), /No orders yet/);
    await eventually(async () => expect(await storedIn(page)).toEqual({}));
  });

  it('shows why an order was refused, with the numbers, and leads to the field that is wrong', async () => {
    const investor = await registerInvestor(client, '1000.00');
    const { page } = await openTradingPage('/#ACME');
    await logInAt(page, investor);
    await fillTicket(page, { symbol: 'ACME', side: 'Buy', quantity: '10', price: '180.00' });
    await textOnce(ticketAnswer(page), /Refused: .*needed 1,?80\d\.\d\d, available 1,?000\.00, held 0\.00/);
    await textOnce(rowsOf(page, 'Orders').first(), /rejected: cash insufficient/);
    await fillTicket(page, { symbol: 'ACME', side: 'Sell', quantity: '3' });
    await textOnce(ticketAnswer(page), /Refused: .*needed 3, available 0/);
    await fillTicket(page, { symbol: 'GALE', side: 'Buy', quantity: '1.5', price: '70.00' });
    await textOnce(ticketAnswer(page), /Refused: Quantity must be a multiple of the lot/);
    expect(await page.getByLabel('Quantity').getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement.name')).toBe('quantity');
    await logOutAndFail(page, investor.email);
  });

  async function logOutAndFail(page: Page, email: string): Promise<void> {
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill('not the password 7');
    await page.getByLabel('Password').press('Enter');
    await textOnce(page.getByRole('alert'), /password is wrong/);
  }

  it('has its session in a cookie that no script reads, renews it in all windows at once, and asks to log in again when it is over', async () => {
    const investor = await registerInvestor(client);
    const { page } = await openTradingPage();
    await logInAt(page, investor);
    expect(await storedIn(page)).toEqual({ 'outcry.session': 'open' });
    expect(await page.evaluate('document.cookie')).toBe('');
    const first = await sessionCookie(page);
    expect(first).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/outcry.user.v1.SessionService' });
    const pages = [page, await page.context().newPage(), await page.context().newPage()];
    await Promise.all(pages.map((one) => one.goto(gatewayUrl)));
    for (const one of pages) await textOnce(figure(one, 'Cash'), /^100,000\.00$/);
    expect((await sessionCookie(page))?.value).not.toBe(first?.value);
    await investor.call('SessionService/LogOutEverywhere', {});
    await page.reload();
    for (const one of pages) await textOnce(one.getByRole('alert'), /Your session has ended/);
    expect(await page.getByRole('button', { name: 'Log in' }).isVisible()).toBe(true);
    expect([await storedIn(page), await sessionCookie(page)]).toEqual([{}, undefined]);
  });

  it('goes on by itself after the gateway was killed, and places what was ordered meanwhile once', async () => {
    const investor = await registerInvestor(client);
    const { page } = await openTradingPage();
    await logInAt(page, investor);
    await untilLive(page);
    const gateway = readRunFile(dataDirectory)?.processes.find(({ name }) => name === 'gateway');
    process.kill(gateway?.pid ?? 0, 'SIGKILL');
    await textOnce(page.locator('#connection'), /^reconnecting$/);
    await fillTicket(page, { symbol: 'KITE', side: 'Buy', quantity: '4' });
    await untilLive(page);
    await textChanges(page.getByRole('table', { name: 'Prices' }));
    await textOnce(ticketAnswer(page), /^Buy 4 KITE at market: filled 4/);
    await textOnce(rowsOf(page, 'Positions').first(), /^KITE\s+4\s/);
    expect(await rowsOf(page, 'Orders').count()).toBe(1);
  });

  it('stays live in more windows than a browser has connections', async () => {
    const investor = await registerInvestor(client);
    const { page, faults } = await openTradingPage();
    const windows = [page];
    for (let count = 0; count < 2; count++) windows.push(await page.context().newPage());
    for (const window of windows) {
      if (window !== page) watchPage(window, gatewayUrl);
      await window.goto(`${gatewayUrl}/#FERN`);
      if (window === page) await logInAt(page, investor);
    }
    for (const window of windows) {
      await textChanges(window.getByRole('table', { name: 'Prices' }));
      await textOnce(window.getByRole('table', { name: 'Depth of FERN' }), /\d+\.\d\d/);
    }
    const last = windows.at(-1) as Page;
    await fillTicket(last, { symbol: 'FERN', side: 'Buy', quantity: '1' });
    for (const window of windows) await textOnce(rowsOf(window, 'Positions').first(), /^FERN\s+1\s/);
    expect(faults).toEqual([]);
  });

  it('names each control and fits a phone, dark or light', async () => {
    const { page, faults } = await openTradingPage('/', { width: 360, height: 740 });
    await untilLive(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
      expect(widths).toEqual([360, 360]);
    }
    const nameless = await page.evaluate(`[...document.querySelectorAll('input, select, button, table, section')]
      .filter((one) => !(one.labels?.length || one.textContent.trim() || one.ariaLabelledByElements?.length))
      .map((one) => one.outerHTML)`);
    expect(nameless).toEqual([]);
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    expect(faults).toEqual([]);
  });
});

describe('the web app', { timeout: 180_000 }, () => {
  it('runs under a policy that lets no text become markup or a script', async () => {
    const { page, faults } = await openTradingPage('/app');
    await textOnce(page.locator('body'), /Outcry[\s\S]*ACME/);
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
});
