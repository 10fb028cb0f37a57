/** The Floor as a screen reader speaks it. */
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { limitTerms, placeOrder } from '../support/investor.ts';
import { logInAdmin } from '../support/market.ts';
import { readPart, spoken, startReader, stopReader } from '../support/screen-reader.ts';
import { fillTicket, logInAt, pressEnterTwice, quantityOf, textOnce } from '../support/trading-page.ts';
import { openTwoSides } from '../support/two-sides.ts';
import { untilLive, useChromium } from '../support/web-app.ts';

const shared = inject('sharedSystem');
const client = createTestClient('fetch', shared.gatewayUrl);
const open = useChromium();

/** What was spoken that matches. */
const heard = async (page: Page, pattern: RegExp) => (await spoken(page)).filter((phrase) => pattern.test(phrase));

describe('a screen reader', { timeout: 180_000 }, () => {
  it('reads strip, list and ticket in order, speaks a price on demand, a fill once and a refusal at once (19)', async () => {
    const { symbol, seller, buyer, tradeAt } = await openTwoSides(client, await logInAdmin(client, shared));
    await tradeAt('100.00');
    await placeOrder(seller, limitTerms('SELL', symbol, '5', '101.00'));
    await placeOrder(buyer, limitTerms('BUY', symbol, '7', '97.00'));
    const { page } = await open(`/#/${symbol}`, { bypassCSP: true });
    await untilLive(page);
    await logInAt(page, buyer);
    await textOnce(page.locator('.strip .last'), /^100\.00/);
    // What is read stands still meanwhile.
    await page.keyboard.press('z');
    const strip = await readPart(page, '.strip');
    const figures = strip.filter((phrase) => /^(region,|heading,|\d|x$|Bid x Ask|Spread)/.test(phrase));
    expect(figures.slice(0, 10)).toEqual([
      ...['region, Selected symbol', expect.stringContaining(`heading, ${symbol}`), '100.00'],
      ...[expect.stringMatching(/%$/), 'Bid x Ask', '97.00', 'x', '101.00', 'Spread', '4.00'],
    ]);
    const list = await readPart(page, '[role=grid][aria-label=Prices]', 40);
    expect(list[0]).toMatch(/^grid, Prices, column count \d+, row count \d+/);
    const row = list.findIndex((phrase) => /^row, [A-Z]+ \d+\.\d\d .*, row index 2/.test(phrase));
    expect(list.slice(row, row + 5).map((phrase) => phrase.split(',')[0])).toEqual([
      ...['row', 'gridcell', expect.stringMatching(/^[A-Z]+$/), 'end of gridcell', 'gridcell'],
    ]);
    const ticket = await readPart(page, '.ticket-panel');
    const parts = ['region, Ticket', 'form, Ticket', 'radiogroup, Side', 'textbox, Quantity', 'textbox, Limit price'];
    expect(ticket.filter((phrase) => parts.includes(phrase))).toEqual(parts);
    await page.keyboard.press('z');

    await startReader(page, '.frame');
    const quote = new RegExp(`^polite: .*${symbol} 100.00, bid 97.00, ask 101.00`);
    for (const times of [1, 2]) {
      await page.keyboard.press('q');
      await eventually(async () => expect(await heard(page, quote)).toHaveLength(times));
    }
    await fillTicket(page, { side: 'Buy', quantity: '2', price: '101.00' });
    await quantityOf(page).focus();
    await pressEnterTwice(page);
    await eventually(async () => expect(await heard(page, /^polite: .*Bought 2/)).toHaveLength(1));
    // Else the ticket shows the refusal before it is sent.
    await page.route('**/outcry.order.v1.OrderService/PreviewOrder', (route) => route.abort());
    await fillTicket(page, { side: 'Buy', quantity: '99000', price: '101.00' });
    await quantityOf(page).focus();
    await pressEnterTwice(page);
    await eventually(async () => expect(await heard(page, /^assertive: Refused: Buy 99,000/)).toHaveLength(1));
    await stopReader(page);
  });
});
