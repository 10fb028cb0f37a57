/** Two persons at one browser, and money that is finer than a cent. */
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { balancesOf, limitTerms, placeOrder, registerInvestor, untilOwned } from '../support/investor.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { fillTicket, logInAt, quantityOf, rowsOf, sendTicket, showBlotter, textOnce } from '../support/trading-page.ts';
import { goTo, picture, untilLive, useChromium } from '../support/web-app.ts';

const shared = inject('sharedSystem');
const client = createTestClient('fetch', shared.gatewayUrl);
const open = useChromium();

const logOut = (page: Page) => page.getByRole('button', { name: 'Log out' }).click();
const refuse = '**/outcry.order.v1.OrderService/CancelOrders';

describe('two persons at one browser', { timeout: 180_000 }, () => {
  it('leaves nothing of the one who logged out to the next', async () => {
    const { page } = await open('/#/ACME');
    await untilLive(page);
    const [one, next] = [await registerInvestor(client), await registerInvestor(client, '777.00')];
    await logInAt(page, one);
    await sendTicket(page, { side: 'Buy', quantity: '3', price: '161.37' });
    await textOnce(rowsOf(page, 'Open orders'), /161\.37/);
    // A cancel without an answer is asked again, and would be answered when the next is there.
    await page.route(refuse, (route) => route.abort());
    await page.getByRole('button', { name: 'Cancel buy 3 ACME' }).click();
    await textOnce(page.locator('.notice'), /No answer yet/);
    await page.getByRole('button', { name: 'Amend buy 3 ACME' }).click();
    await fillTicket(page, { side: 'Buy', quantity: '5', price: '162.53' });
    const calls: string[] = [];
    page.on('request', (request) => calls.push(new URL(request.url()).pathname.split('/').pop() ?? ''));
    await logOut(page);
    expect([await quantityOf(page).inputValue(), await page.getByLabel('Limit price').inputValue()]).toEqual(['', '']);
    await page.unrouteAll({ behavior: 'wait' });
    await logInAt(page, next);
    await textOnce(page.locator('.receipt'), /Cash free\s+777\.00/);
    await textOnce(page.locator('#panel-orders'), /No open orders/);
    // The order itself stands in the book for all, and is marked as own by none.
    const said = await page
      .locator('.notice, #panel-orders, .ticket-form, [role=status], [role=alert]')
      .allTextContents();
    expect(said.join('\n')).not.toMatch(/161\.37|162\.53|Buy 3|No answer yet/);
    expect(await page.getByRole('option', { name: /your order/ }).count()).toBe(0);
    expect(await page.locator('.amend').count()).toBe(0);
    expect(calls.filter((name) => /^(Place|Cancel|Replace|Close)/.test(name))).toEqual([]);
  });

  it('shows two outcomes in quick succession both, each closed by itself', async () => {
    const { page } = await open('/#/ACME');
    await untilLive(page);
    await logInAt(page, await registerInvestor(client));
    for (const price of ['161', '162']) await sendTicket(page, { side: 'Buy', quantity: '3', price });
    await eventually(async () => expect(await rowsOf(page, 'Open orders').count()).toBe(2));
    await page.evaluate(`window.heard = []; new MutationObserver(([{ target }]) => target.textContent && heard.push(target.textContent))
      .observe(document.querySelector('[role=alert].hidden'), { childList: true, characterData: true, subtree: true })`);
    await page.route(refuse, (route) => route.abort());
    const cancels = page.getByRole('button', { name: 'Cancel buy 3 ACME' });
    await cancels.first().click();
    await cancels.last().click();
    await textOnce(page.locator('.notice'), /No answer yet[\s\S]*and 1 before/);
    await picture(page, 'notices');
    await page.getByRole('button', { name: 'Close the notice' }).click();
    await textOnce(page.locator('.notice'), /^No answer yet: cancel of an order\. It is asked again\.\s*$/);
    await page.getByRole('button', { name: 'Close the notice' }).click();
    expect(await page.locator('.notice').count()).toBe(0);
    await page.unrouteAll({ behavior: 'wait' });
  });
});

describe('money that is finer than a cent', { timeout: 120_000 }, () => {
  it('is written to its last place by fills, orders and balances, as the ledger has it', async () => {
    const admin = await logInAdmin(client, shared);
    const symbol = await openBook(admin, { lotSize: '0.0001' });
    const [seller, buyer] = [await registerInvestor(client), await registerInvestor(client)];
    await issueShares(admin, seller, symbol, '10');
    await placeOrder(seller, limitTerms('SELL', symbol, '10', '99.37'));
    await placeOrder(buyer, limitTerms('BUY', symbol, '1.2343', '99.37'));
    await untilOwned(buyer, symbol, '1.2343');
    const { fills } = (await buyer.call('OrderService/ListFills', { symbol })) as { fills: [{ fee: string }] };
    const total = (await balancesOf(buyer)).cash?.total ?? '';
    // Not what a cent would be.
    expect([fills[0].fee, total]).toEqual([expect.stringMatching(/\.\d{3,6}$/), expect.stringMatching(/\.\d{3,6}$/)]);
    const { page } = await open(`/#/${symbol}`);
    await logInAt(page, buyer);
    await showBlotter(page, 'Fills');
    await textOnce(rowsOf(page, 'Fills'), new RegExp(`\\s${fills[0].fee.replace('.', '\\.')}\\b`));
    const written = Number(total.split('.')[0]).toLocaleString('en-US');
    await goTo(page, 'money');
    const balances = rowsOf(page, 'Balances');
    await textOnce(balances, new RegExp(`USD[^]*${written}\\.${total.split('.')[1]}`));
    // What is free of cash and of shares ends at one edge; a card has no gaps where a column has room for further places.
    const edges = await balances
      .locator('td:nth-child(2) .figure')
      .evaluateAll((all) =>
        all.map((one) =>
          Math.round(one.getBoundingClientRect().right - (one.querySelector('.room')?.clientWidth ?? 0)),
        ),
      );
    expect(new Set(edges).size).toBe(1);
    await page.getByRole('tab', { name: 'Statement' }).click();
    const rooms = page.getByRole('grid', { name: 'Statement' }).locator('.room');
    await rooms.first().waitFor({ state: 'attached' });
    expect(await rooms.first().isVisible()).toBe(false);
    await page.setViewportSize({ width: 360, height: 740 });
    await eventually(async () => expect(await rooms.first().boundingBox()).toBeNull());
  });
});
