/** The web app as a person uses it: by names and roles, as a screen reader announces them. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';

const patience = { timeoutMs: 40_000 };

/** The rows of the table or grid with this name, cells in lines. */
export function rowsOf(page: Page, name: string | RegExp): Locator {
  return page
    .getByRole('grid', { name })
    .locator('[data-row]')
    .or(page.getByRole('table', { name }).locator('tbody tr'));
}

/** Logs in over the page. */
export async function logInAt(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.locator('.top-bar').getByRole('button', { name: 'Log in', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Log in' });
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

/** An order as it is filled in; a price makes it a limit order. */
export type TicketOrder = { side: 'Buy' | 'Sell'; quantity: string; price?: string };

/** Fills in the ticket of the app. */
export async function fillTicket(page: Page, order: TicketOrder): Promise<void> {
  await page.locator(`.ticket-sides [data-value="${order.side.toLowerCase()}"]`).click();
  await page.getByLabel('Type').selectOption(order.price === undefined ? 'market' : 'limit');
  await page.locator('#ticket-quantity').fill(order.quantity);
  if (order.price !== undefined) await page.getByLabel('Limit price').fill(order.price);
}

/** Fills in the ticket, reviews, and sends it by the keyboard. */
export async function sendTicket(page: Page, order: TicketOrder): Promise<void> {
  await fillTicket(page, order);
  await page.locator('#ticket-quantity').focus();
  await eventually(async () => {
    await page.keyboard.press('Enter');
    expect(await page.locator('#ticket-quantity').inputValue()).toBe('');
  }, patience);
}

/** The text of an element as it is seen, with something between the cells of a row; empty where there is no such element. */
export async function seenText(target: Locator): Promise<string> {
  return (await target.allInnerTexts()).join('\n');
}

/** The first text of the element that matches; rejects with the last text when none does in 40 s. */
export function textOnce(target: Locator, pattern: RegExp): Promise<string> {
  return eventually(async () => {
    const text = await seenText(target);
    expect(text).toMatch(pattern);
    return text;
  }, patience);
}

/** Waits until the text differs from what it is now. */
export async function textChanges(target: Locator): Promise<void> {
  const before = await seenText(target);
  await eventually(async () => expect(await seenText(target)).not.toBe(before), patience);
}

/** Waits until an expression holds in the page; its policy allows no script of a test to wait there by itself. */
export function untilTrue(page: Page, expression: string): Promise<void> {
  return eventually(async () => expect(await page.evaluate(`Boolean(${expression})`)).toBe(true), patience);
}

/** What was sent from the ticket, one line an order, the last first. */
export function sentLines(page: Page): Locator {
  return page.getByRole('list', { name: 'Sent from here' });
}

/** Shows a part of the blotter. */
export async function showBlotter(page: Page, name: 'Open orders' | 'Positions' | 'Fills' | 'History'): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
}

/** The quantity of the ticket. */
export const quantityOf = (page: Page): Locator => page.locator('#ticket-quantity');

/** The first row of the open orders. */
export const firstOpenOrder = (page: Page): Locator => rowsOf(page, 'Open orders').first();

/** Waits until a press sends what the ticket shows for review. */
export async function untilReviewed(page: Page): Promise<void> {
  await page.evaluate('window.reviewed = undefined');
  await untilTrue(
    page,
    `document.querySelector('.ticket-send').dataset.step === 'review' &&
      performance.now() > (window.reviewed ??= performance.now()) + 450`,
  );
}

/** Sends what is filled in with the keyboard: Enter for the review, and Enter again. */
export async function pressEnterTwice(page: Page): Promise<void> {
  await page.keyboard.press('Enter');
  await untilReviewed(page);
  await page.keyboard.press('Enter');
}
