/** What people may write anywhere is shown as text, to themselves and to staff, and never run. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { createTestClient } from '../support/clients.ts';
import { limitTerms, logIn, testPassword } from '../support/investor.ts';
import { logInAt, rowsOf, textOnce } from '../support/trading-page.ts';
import { goTo, useChromium } from '../support/web-app.ts';

const { gatewayUrl, admin } = inject('sharedSystem');
const client = createTestClient('fetch', gatewayUrl);
const open = useChromium();

const texts = [
  '<img src=x onerror=ran()>',
  '"><svg/onload=ran()>',
  '<script>ran()</script>',
  'javascript:ran()//',
  '{{constructor.constructor("ran()")()}}',
];

/** Notes whether one of the texts was run, or asked the page's policy for it. */
const watch = (page: Page) =>
  page.addInitScript(`
    window.runs = [];
    window.ran = () => window.runs.push('a text was run');
    addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) =>
      window.runs.push(violatedDirective + ' ' + blockedURI));
  `);
const runsIn = (page: Page) => page.evaluate('window.runs');

/** A person whose every own text is one of these. */
async function registerHostile(text: string) {
  const key = randomUUID();
  const email = `hostile-${key}@example.com`;
  await client.call('UserService/Register', { idempotencyKey: key, email, password: testPassword, displayName: text });
  const person = await logIn(client, email, testPassword);
  await person.call('LedgerService/Deposit', { idempotencyKey: key, amount: '1000.00' });
  const scopes = ['SCOPE_READ'];
  await person.call('ApiKeyService/CreateApiKey', { idempotencyKey: key, name: text, scopes });
  const schedule = { cron: '0 0 1 1 *', timeZone: 'UTC' };
  const terms = { name: text, schedule, order: { ...limitTerms('BUY', 'ACME', '1', '1.00') } };
  await person.call('AutoService/CreateRule', { idempotencyKey: key, terms });
  return { email, password: testPassword };
}

describe('hostile text', { timeout: 120_000 }, () => {
  it('is shown as it was written on every screen of the person', async () => {
    const text = texts.join(' ').slice(0, 64);
    const person = await registerHostile(text);
    const { page } = await open('/#/ACME', { prepare: watch });
    await logInAt(page, person);
    await goTo(page, 'settings/keys');
    await textOnce(page.locator('main'), /<img src=x onerror=ran\(\)>/);
    await goTo(page, 'automation');
    await rowsOf(page, 'Automations').getByRole('link').first().click();
    await textOnce(page.locator('main'), /Make another/);
    for (const screen of ['money', 'portfolio', 'orders', 'inbox', 'inbox/mail', 'settings']) {
      await goTo(page, screen);
      await textOnce(page.locator('main'), /\S/);
    }
    expect(await runsIn(page)).toEqual([]);
  });

  it('is shown as text to staff who look at the person', async () => {
    const people = await Promise.all(texts.map(registerHostile));
    const { page } = await open('/#/operations', { prepare: watch });
    await logInAt(page, admin);
    await goTo(page, 'operations/users');
    for (const [index, { email }] of people.entries()) {
      await page.getByLabel('Name, address or id').fill(email);
      const row = rowsOf(page, 'Accounts').filter({ hasText: email });
      expect(await textOnce(row, /hostile-/)).toContain(texts[index]);
    }
    expect(await runsIn(page)).toEqual([]);
  });

  it('in an address or a search is no more than text', async () => {
    const { page } = await open('/#/ACME', { prepare: watch });
    for (const text of texts) {
      await page.goto(`${gatewayUrl}/#/${encodeURIComponent(text)}`);
      await textOnce(page.locator('body'), /\S/);
      await page.goto(`${gatewayUrl}/?q=${encodeURIComponent(text)}#/money/${text}`);
      await textOnce(page.locator('body'), /\S/);
      expect(await runsIn(page)).toEqual([]);
    }
  });
});
