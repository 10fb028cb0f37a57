/** Every screen of the web app in both themes, on a desktop and a phone: nothing is cut, and axe finds nothing. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import {
  type Investor,
  limitTerms,
  marketTerms,
  orderOnce,
  placeOrder,
  registerInvestor,
  untilOwned,
} from '../support/investor.ts';
import { logInAt, untilTrue } from '../support/trading-page.ts';
import { axeFindings, goTo, picture, sizes, untilLive, useChromium } from '../support/web-app.ts';

const shared = inject('sharedSystem');
const client = createTestClient('fetch', shared.gatewayUrl);
const open = useChromium();
const themes = ['light', 'dark'] as const;

const accountScreens = [
  ['portfolio'],
  ['orders'],
  ['money', 'statement', 'fees'],
  ['automation'],
  ['inbox', 'ways', 'mail'],
  ['settings', 'letters', 'account', 'keys'],
];
const staffScreens = [
  ['operations', 'audit', 'trading', 'users', 'house', 'payments', 'dead'],
  ['admin', 'issues', 'adjustments', 'listings'],
];

// The address of each part: `money`, `money/statement`.
const partsOf = (screens: readonly string[][]) =>
  screens.flatMap(([screen = '', ...parts]) => [screen, ...parts.map((part) => `${screen}/${part}`)]);

/** An account with something on each of its screens. */
async function livelyInvestor(): Promise<Investor> {
  const investor = await registerInvestor(client, '25000.00');
  const { orderId } = await placeOrder(investor, marketTerms('BUY', 'KITE', '20'));
  await orderOnce(investor, orderId, 'FILLED');
  await untilOwned(investor, 'KITE', '20');
  await placeOrder(investor, marketTerms('SELL', 'KITE', '5'));
  await placeOrder(investor, limitTerms('BUY', 'ACME', '3', '160.00'));
  await placeOrder(investor, limitTerms('BUY', 'ACME', '900', '180.00')).catch(() => undefined);
  const condition = { symbol: 'ACME', direction: 'PRICE_DIRECTION_AT_OR_ABOVE', price: '250.00' };
  const terms = { name: 'ACME is dear', condition, alert: { note: 'look at it' } };
  await investor.call('AutoService/CreateRule', { idempotencyKey: randomUUID(), terms });
  const key = { name: 'my robot', scopes: ['SCOPE_READ', 'SCOPE_TRADE'] };
  await investor.call('ApiKeyService/CreateApiKey', { idempotencyKey: randomUUID(), ...key });
  await investor.call('LedgerService/Withdraw', { idempotencyKey: randomUUID(), amount: '120.00' });
  return investor;
}

async function openAs(person: { email: string; password: string }, size: 'desktop' | 'phone') {
  const touch = size === 'phone' && { hasTouch: true, isMobile: true };
  const { page } = await open('/#/KITE', {
    viewport: sizes[size],
    bypassCSP: true,
    reducedMotion: 'reduce',
    ...touch,
  });
  await untilLive(page);
  await logInAt(page, person);
  return page;
}

// Bars are shown until a screen was read.
async function untilRead(page: Page): Promise<void> {
  await page.locator('main h1, .floor, .phone-floor').first().waitFor();
  await eventually(async () => expect(await page.locator('main .bars').count()).toBe(0), { timeoutMs: 40_000 });
}

async function lookAt(page: Page, part: string, size: 'desktop' | 'phone'): Promise<string[]> {
  await goTo(page, part);
  await untilRead(page);
  const found: string[] = [];
  const width = await page.evaluate('document.documentElement.scrollWidth');
  if (width !== sizes[size].width) found.push(`${part} is ${width} px wide`);
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    // Of the second theme only its colours are new.
    const rules = colorScheme === 'light' ? undefined : ['color-contrast'];
    // On a phone what is new is the layout, which the parts of a screen share.
    if (size === 'desktop' || (colorScheme === 'light' && !part.includes('/'))) {
      for (const finding of await axeFindings(page, rules)) found.push(`${part}, ${colorScheme}: ${finding}`);
    }
    if (size === 'desktop' || !part.includes('/'))
      await picture(page, `${part.replace('/', '-')}-${size}-${colorScheme}`);
  }
  return found;
}

describe.each(['desktop', 'phone'] as const)('the screens on a %s', { timeout: 240_000 }, (size) => {
  it('has no fault for axe on the screens of an account in both themes, and cuts nothing (2, 6)', async () => {
    const page = await openAs(await livelyInvestor(), size);
    const found: string[] = [];
    for (const part of partsOf(accountScreens)) found.push(...(await lookAt(page, part, size)));
    expect(found).toEqual([]);
  });

  it('has none on the screens of staff', async () => {
    const page = await openAs(shared.admin, size);
    const found: string[] = [];
    for (const part of partsOf(staffScreens)) found.push(...(await lookAt(page, part, size)));
    expect(found).toEqual([]);
  });
});

describe('the sheets', { timeout: 120_000 }, () => {
  it.each(['Log in', 'Search', 'About'])(
    'has no fault for axe in "%s", and Esc brings the focus back',
    async (name) => {
      const { page } = await open('/#/KITE', { bypassCSP: true, reducedMotion: 'reduce' });
      await untilLive(page);
      const opener = page.locator('.top-bar').getByRole('button', { name, exact: true });
      await opener.click();
      await page.getByRole('dialog').waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await eventually(async () => expect(await page.getByRole('dialog').count()).toBe(0));
      const words = JSON.stringify(name);
      await untilTrue(
        page,
        `[document.activeElement.ariaLabel, document.activeElement.textContent.trim()].includes(${words})`,
      );
    },
  );
});
