/** The first page as a person uses it: by names and roles, as a screen reader announces them. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';

const patience = { timeoutMs: 40_000 };

/** The rows of the table with this heading, cells in lines. */
export function rowsOf(page: Page, table: string | RegExp): Locator {
  return page.getByRole('table', { name: table }).locator('tbody tr');
}

/** Fills in the log-in form and sends it. */
export async function logInAt(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

/** Fills in the ticket and sends it by the keyboard; a price makes it a limit order. */
export async function fillTicket(
  page: Page,
  order: { symbol: string; side: 'Buy' | 'Sell'; quantity: string; price?: string },
): Promise<void> {
  await page.getByLabel('Symbol').fill(order.symbol);
  await page.getByLabel('Side').selectOption(order.side);
  await page.getByLabel('Type').selectOption(order.price === undefined ? 'Market' : 'Limit');
  await page.getByLabel('Quantity').fill(order.quantity);
  if (order.price !== undefined) await page.getByLabel('Limit price').fill(order.price);
  await page.getByLabel('Quantity').press('Enter');
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

/** The message that the ticket shows. */
export function ticketAnswer(page: Page): Locator {
  return page.locator('#ticket-answer');
}

/** The figure with this name, such as `Cash`. */
export function figure(page: Page, name: string): Locator {
  return page.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('+ dd');
}
