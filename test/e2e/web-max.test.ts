/** The parts of what can be traded, for each type of the ticket, in a real browser. */
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { limitTerms, placeOrder, registerInvestor, untilOwned } from '../support/investor.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { logInAt, quantityOf, seenText, textOnce } from '../support/trading-page.ts';
import { untilLive, useChromium } from '../support/web-app.ts';

const shared = inject('sharedSystem');
const client = createTestClient('fetch', shared.gatewayUrl);
const open = useChromium();

const fields = {
  limit: 'Limit price',
  stop: 'Stop price',
  target: 'Take profit',
  shown: 'Shown size',
  trail: 'Trail %',
} as const;
type Case = [type: string, filled: Partial<Record<keyof typeof fields, string>>, press?: string];

const trails = 'a stop that trails';
// The book stands at 99.00 to 100.00, and traded at 100.00.
const buys: Case[] = [
  ['market', {}],
  ['limit', { limit: '90' }],
  ['stop', { stop: '105' }],
  ['stop limit', { stop: '105', limit: '106' }],
  ['trailing', { trail: '2' }],
  ['iceberg', { limit: '90', shown: '5' }],
  ['OCO', { target: '90', stop: '105' }],
  ['OCO', { target: '90', trail: '2' }, trails],
  ['bracket', { limit: '90', target: '105', stop: '80' }],
  ['bracket', { limit: '90', target: '105', trail: '2' }, trails],
];
const sales: Case[] = [
  ['market', {}],
  ['limit', { limit: '110' }],
  ['stop', { stop: '95' }],
  ['stop limit', { stop: '95', limit: '94' }],
  ['trailing', { trail: '2' }],
  ['iceberg', { limit: '110', shown: '5' }],
  ['OCO', { target: '110', stop: '95' }],
  ['OCO', { target: '110', trail: '2' }, trails],
  ['bracket', { limit: '110', target: '90', stop: '120' }],
];

/** Fills in the ticket, and presses Max until it answers; returns what it took. */
async function takeMax(page: Page, side: 'buy' | 'sell', [type, filled, press]: Case): Promise<number> {
  await page.locator(`.ticket-sides [data-value="${side}"]`).click();
  await page.getByLabel('Type').selectOption(type);
  await quantityOf(page).fill('');
  const other = page.getByRole('button', { name: press ?? 'a stop at a price', exact: true });
  if (await other.isVisible()) await other.click();
  for (const [name, value] of Object.entries(filled)) {
    await page.getByLabel(fields[name as keyof typeof fields], { exact: true }).fill(value);
  }
  await eventually(async () => {
    await page.getByRole('button', { name: 'Max', exact: true }).click();
    expect(await quantityOf(page).inputValue()).toMatch(/^\d+(?:\.\d+)?$/);
  });
  return Number(await quantityOf(page).inputValue());
}

/** The hold that the server states of the order, which it would not refuse. */
async function acceptedHold(page: Page): Promise<number> {
  const receipt = await textOnce(page.locator('.receipt'), /At worst\s+\d[\s\S]*Holds USD\s+\d/);
  expect(await seenText(page.locator('#ticket-problem'))).toBe('');
  expect(await page.locator('.ticket-send').isEnabled()).toBe(true);
  return Number(/Holds USD\s+([\d,.]+)/.exec(receipt)?.[1]?.replaceAll(',', ''));
}

describe('Max', { timeout: 240_000 }, () => {
  it.each(['1', '0.0001'])('is accepted for every type and side, at lots of %s (28)', async (lotSize) => {
    const admin = await logInAdmin(client, shared);
    const symbol = await openBook(admin, { lotSize });
    const [maker, person] = [await registerInvestor(client), await registerInvestor(client, '5000.00')];
    await issueShares(admin, maker, symbol, '200');
    await issueShares(admin, person, symbol, '7');
    await placeOrder(maker, limitTerms('SELL', symbol, '1', '100.00'));
    await placeOrder(person, limitTerms('BUY', symbol, '1', '100.00'));
    await placeOrder(maker, limitTerms('SELL', symbol, '100', '100.00'));
    await placeOrder(maker, limitTerms('BUY', symbol, '100', '99.00'));
    await untilOwned(person, symbol, '8');
    const { page } = await open(`/#/${symbol}`);
    await untilLive(page);
    await logInAt(page, person);
    // What it has is read, and no order is open.
    await textOnce(page.locator('.receipt'), new RegExp(`${symbol} held\\s+8\\b`));
    for (const one of buys) {
      const quantity = await takeMax(page, 'buy', one);
      const hold = await acceptedHold(page);
      const perLot = (hold / quantity) * Number(lotSize);
      expect([one, 4_899.8 - hold < 2 * perLot + 0.05], `${quantity} hold ${hold}`).toEqual([one, true]);
    }
    for (const one of sales) {
      const quantity = await takeMax(page, 'sell', one);
      await acceptedHold(page);
      expect([one, quantity]).toEqual([one, 8]);
    }
  });
});
