/** The screens of the web app beside the Floor, in a real browser. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { micros, savedBy } from '../support/figures-on-page.ts';
import {
  balancesOf,
  limitTerms,
  logIn,
  marketTerms,
  orderOnce,
  placeOrder,
  registerInvestor,
  testPassword,
  untilOwned,
} from '../support/investor.ts';
import { expectLots } from '../support/lots-on-page.ts';
import { logInAdmin, openBook } from '../support/market.ts';
import { logInAt, rowsOf, textOnce } from '../support/trading-page.ts';
import { goTo, picture, useChromium } from '../support/web-app.ts';

const shared = inject('sharedSystem');
const { gatewayUrl } = shared;
const client = createTestClient('fetch', gatewayUrl);
const open = useChromium();
const openAt = (screen: string) => open(`/#/${screen}`, { viewport: { width: 1440, height: 900 } });

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });
// A dialog that takes the focus itself makes Chromium say that it did not.
const isFault = (message: string) => !message.startsWith('info: Autofocus');
const choose = (page: Page, name: string) => page.getByRole('radio', { name, exact: true }).check();

describe('the screens of an account', { timeout: 240_000 }, () => {
  it('takes a person from registration by a deposit whose answer is lost to a statement', async () => {
    const { page } = await openAt('money');
    await button(page, 'Open an account').click();
    const email = `investor-${randomUUID()}@example.com`;
    const dialog = page.getByRole('dialog', { name: 'New account' });
    await dialog.getByLabel('Name').fill('Ada');
    await dialog.getByLabel('E-mail').fill(email);
    await dialog.getByLabel('Password').fill(testPassword);
    await dialog.getByLabel('Password').press('Enter');
    // The server books it; the page never hears of it.
    await page.route('**/outcry.ledger.v1.LedgerService/Deposit', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByLabel('Amount, USD').fill('2500,5');
    await button(page, 'Deposit 2,500.50 USD').click();
    await page.unrouteAll({ behavior: 'wait' });
    await page.reload();
    await textOnce(rowsOf(page, 'Transfers'), /Deposit\s+2,500\.50\s+Done and booked/);
    await textOnce(rowsOf(page, 'Balances'), /USD\s+2,500\.50\s+0\.00\s+2,500\.50/);
    const investor = await logIn(client, email, testPassword);
    expect((await balancesOf(investor)).cash?.total).toBe('2500.50');
    await eventually(async () => expect(await page.evaluate(`localStorage.getItem('outcry.transfers')`)).toBe('[]'));

    await choose(page, 'Withdraw');
    await page.getByLabel('Amount, USD').fill('9000');
    await textOnce(page.locator('#transfer-amount-hint'), /You have 2,500\.50 free\./);
    await button(page, 'Withdraw 2,500.50').click();
    expect(await page.getByLabel('Amount, USD').inputValue()).toBe('2500.50');

    await goTo(page, 'money/statement');
    await textOnce(page.getByRole('grid', { name: 'Statement' }), /Deposit\s+USD\s+\+2,500\.50/);
    const download = page.waitForEvent('download');
    await button(page, 'CSV of all movements').click();
    expect((await download).suggestedFilename()).toBe('statement.csv');
  });

  it('says of each order what became of it, which order holds what, and what all is worth', async () => {
    const investor = await registerInvestor(client, '10000.00');
    await placeOrder(investor, marketTerms('BUY', 'KITE', '10'));
    const open = await placeOrder(investor, limitTerms('BUY', 'ACME', '2', '160.00'));
    await placeOrder(investor, limitTerms('BUY', 'ACME', '500', '180.00')).catch(() => undefined);
    const { page, faults } = await openAt('orders');
    await logInAt(page, investor);
    const list = page.getByRole('grid', { name: 'Orders' });
    await textOnce(list, /Rejected: needs up to 90,\d{3}.* free/);
    await choose(page, 'Open');
    await textOnce(list, /ACME[\s\S]*160\.00/);
    await eventually(async () => expect(await list.getByText('Rejected').count()).toBe(0));
    await goTo(page, 'money');
    await page.getByRole('link', { name: /Buy 2 ACME at 160\.00/ }).click();
    await page.waitForURL(`**#/orders/${open.orderId}`);
    await button(page, 'Cancel the order').click();
    await textOnce(page.getByRole('complementary', { name: 'Order' }), /Cancelled: cancelled by you/);
    await goTo(page, 'portfolio');
    await textOnce(page.locator('.key-figures'), /Equity, USD\s+(?:9,9|10,0)\d\d\.\d\d/);
    await textOnce(page.getByRole('grid', { name: 'Positions' }), /KITE\s+10\s/);
    expect(faults.filter(isFault)).toEqual([]);
  });

  it('opens the gain of a position as a sum, has a CSV that adds up to the cash, and prints on A4, black on white (36, 40)', async () => {
    const investor = await registerInvestor(client, '10000.00');
    const { orderId } = await placeOrder(investor, marketTerms('BUY', 'KITE', '10'));
    await orderOnce(investor, orderId, 'FILLED');
    await untilOwned(investor, 'KITE', '10');
    const sale = await placeOrder(investor, marketTerms('SELL', 'KITE', '4'));
    await orderOnce(investor, sale.orderId, 'FILLED');
    const { page } = await openAt('portfolio');
    await logInAt(page, investor);
    await button(page, 'Sum of KITE').click();
    const sum = page.getByRole('region', { name: 'Sum of KITE' });
    const text = await textOnce(sum, /Cost of 6 shares\s+[\d,.]+[\s\S]*Gain: value less cost/);
    const line = (name: string) => micros(new RegExp(`${name}\\s+(\\u2212?[\\d,]+\\.\\d\\d)`).exec(text)?.[1] ?? '');
    // Each line is cut off to the cent.
    const parts = line('Bought, 10 shares') + line('Fees of these') + line('Cost of what was sold');
    expect(Math.abs(parts - line('Cost of 6 shares'))).toBeLessThanOrEqual(20_000);
    expect(text).not.toContain('Issued');

    await expectLots(page, investor);

    await goTo(page, 'money/statement');
    const csv = await savedBy(page, 'CSV of all movements');
    const rows = csv
      .trim()
      .split(/\r?\n/)
      .map((row) => row.replaceAll('"', '').split(','));
    const moved = rows
      .filter(([, , , asset]) => asset === 'USD')
      .reduce((total, [, , , , amount]) => total + micros(amount ?? ''), 0);
    expect(moved).toBe(micros((await balancesOf(investor)).cash?.total ?? ''));

    await page.evaluate(
      `window.print = () => { printed = document.querySelector('.print-sheet').cloneNode(true); }; var printed`,
    );
    await button(page, 'Print').click();
    await eventually(async () => expect(await page.evaluate('Boolean(printed)')).toBe(true));
    await page.evaluate('document.body.append(printed)');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const paper =
      await page.evaluate(`(() => { const { color, backgroundColor } = getComputedStyle(document.querySelector('.print-sheet'));
      return [color, backgroundColor, document.querySelector('.frame').checkVisibility()]; })()`);
    expect(paper).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)', false]);
    await page.setViewportSize({ width: 794, height: 1_123 });
    await picture(page, 'statement-printed');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(794);
    await textOnce(page.locator('.print-sheet'), /Cash before\s+0\.00[\s\S]*Deposit[\s\S]*Cash after/);
  });

  it('ends the form of an automation as a sentence, runs it, and brings the message and the mail', async () => {
    const investor = await registerInvestor(client, '5000.00');
    const { page, faults } = await openAt('automation');
    await logInAt(page, investor);
    await page.getByLabel('Symbol', { exact: true }).selectOption('ACME');
    await choose(page, 'Cash to spend');
    await page.getByLabel('Cash, fee included').fill('250');
    await textOnce(
      page.locator('.sentence'),
      /^Every Monday 09:45 \S.* buy 250\.00 of ACME at market; next .*09:45\.$/,
    );
    await choose(page, 'At a price');
    await page.getByLabel('Price', { exact: true }).fill('1');
    await textOnce(page.locator('.sentence'), /^Once, when ACME trades at or above 1\.00, send an alert\.$/);
    await button(page, 'Create').click();
    await textOnce(rowsOf(page, 'Runs'), /Alert sent/);
    await goTo(page, 'inbox');
    await button(page, /^Unread: Alert: ACME/).click();
    await eventually(async () => {
      const { messages } = await investor.call('NotificationService/ListMessages', {});
      const alert = (messages as { subject: string; readTime?: string }[]).find(({ subject }) =>
        /^Alert/.test(subject),
      );
      expect(alert?.readTime).toBeDefined();
    });
    await goTo(page, 'inbox/mail');
    await textOnce(page.getByRole('list', { name: 'Mail' }), /Deposit booked: 5000\.00 USD/);
    expect(faults.filter(isFault)).toEqual([]);
  });

  it('makes an API key, shows it once, and revokes it when its name is typed; logs another device out', async () => {
    const investor = await registerInvestor(client, '');
    const { page, faults } = await openAt('settings/keys');
    await logInAt(page, investor);
    await page.getByLabel('Name', { exact: true }).fill('my robot');
    await page.getByLabel('May').selectOption('read and trade');
    await button(page, 'Make a key').click();
    const secret = await textOnce(page.locator('.secret output'), /^ok_\S{56}$/);
    expect(await client.call('OrderService/ListOrders', {}, secret)).toEqual({});
    await textOnce(rowsOf(page, 'API keys'), /my robot.*read, trade\s+everywhere[\s\S]*good/);
    await button(page, 'Revoke my robot').click();
    await page.getByLabel('Type my robot').fill('my robo');
    const revoke = page.locator('.grave').getByRole('button', { name: 'Revoke my robot' });
    expect(await revoke.isDisabled()).toBe(true);
    await page.getByLabel('Type my robot').fill('my robot');
    await revoke.click();
    await textOnce(rowsOf(page, 'API keys'), /my robot[\s\S]*revoked/);
    await page.reload();
    await textOnce(rowsOf(page, 'API keys'), /my robot[\s\S]*revoked/);
    expect(await page.locator('.secret').count()).toBe(0);
    await goTo(page, 'settings/account');
    const devices = rowsOf(page, 'Devices');
    await textOnce(devices, /this one[\s\S]*another/);
    await button(page, 'Log it out').click();
    await eventually(async () => expect(await devices.count()).toBe(1));
    expect(faults.filter(isFault)).toEqual([]);
  });
});

describe('the screens of staff', { timeout: 240_000 }, () => {
  it('halts a book once its symbol is typed, resumes it, and shows services and the verdict of the audit', async () => {
    const admin = await logInAdmin(client, shared);
    const symbol = await openBook(admin);
    // A system that has just begun has no verdict yet.
    for await (const _ of admin.stream('AuditService/RunAudit', {}, AbortSignal.timeout(60_000)));
    const { page } = await openAt('operations');
    await logInAt(page, shared.admin);
    await textOnce(rowsOf(page, 'Services').filter({ hasText: 'ledger' }), /ledger\s+serves\s+ledger-0[\s\S]*none/);
    await textOnce(rowsOf(page, 'Leases').filter({ hasText: 'exchange-shard-0' }), /^exchange[\s\S]*\d m?s$/);
    await textOnce(rowsOf(page, 'Lags').filter({ hasText: /^order-0\s*feed exchange.0/ }), /up to date|behind/);
    await textOnce(rowsOf(page, 'Slowest calls').first(), /\w+\/\w+\s+[\d.]+ m?s[\s\S]+[0-9a-f]{32}/);
    await page
      .getByRole('button', { name: /^Copy trace [0-9a-f]{32}$/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await textOnce(page.locator('[aria-live="polite"]').first(), /trace is copied/);
    await goTo(page, 'operations/audit');
    await textOnce(page.locator('.sentence'), /^(?:Clean|Not completed|\d+ things? differ).*pass, \d/);
    await goTo(page, 'operations/trading');
    await button(page, `Halt ${symbol}`).click();
    await page.getByLabel(`Type ${symbol}`).fill(symbol);
    await page.getByLabel(`Type ${symbol}`).press('Enter');
    const row = rowsOf(page, 'Instruments').filter({ hasText: symbol });
    await textOnce(row, /HALTED, by an operator/);
    await button(page, `Resume ${symbol}`).click();
    await page.getByLabel('Auction, s').fill('0');
    await page.getByLabel('Auction, s').press('Enter');
    await textOnce(row, /\bopen\b/);
  });
});
