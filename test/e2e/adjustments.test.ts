/** Corrections of accounts by an administrator: through the API, and in a real browser. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { balancesOf, type Investor, registerInvestor, untilOwned } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';
import { logInAt, rowsOf, textOnce } from '../support/trading-page.ts';
import { axeFindings, sizes, useChromium } from '../support/web-app.ts';

const shared = inject('sharedSystem');
const client = createTestClient('fetch', shared.gatewayUrl);
const open = useChromium();
let admin: Investor;
let symbol: string;

beforeAll(async () => {
  admin = await logInAdmin(client, shared);
  symbol = await openBook(admin);
}, 60_000);

const adjust = ({ accountId }: Investor, terms: JsonObject, caller = admin) =>
  caller.call('LedgerAdminService/AdjustAccount', { idempotencyKey: randomUUID(), accountId, asset: 'USD', ...terms });

async function adjustmentsOn(person: Investor): Promise<string[]> {
  const request = { kinds: ['ENTRY_KIND_ADJUSTMENT'] };
  const { entries = [] } = await person.call('LedgerService/ListStatement', request);
  return (entries as JsonObject[]).map(({ amount, asset, reason }) => `${amount} ${asset}: ${reason}`);
}

describe('AdjustAccount', { timeout: 120_000 }, () => {
  it('moves cash and shares once for its key, which statement, portfolio, message and audit have', async () => {
    const person = await registerInvestor(client, '100.00');
    await issueShares(admin, person, symbol, '10');
    await untilOwned(person, symbol, '10');
    const added = { idempotencyKey: randomUUID(), amount: '4.95', reason: 'a fee was taken twice' };
    const answers = [await adjust(person, added), await adjust(person, added)];
    expect(answers[1]).toEqual(answers[0]);
    const other = await refusalOf(adjust(person, { ...added, amount: '5.95' }));
    expect(other).toMatchObject({ code: 'already_exists', reason: 'KEY_REUSED' });
    await adjust(person, { asset: symbol, amount: '5', cost: '500', reason: 'not delivered' });
    await adjust(person, { asset: symbol, amount: '-3', reason: 'issued by mistake' });
    const refused = await refusalOf(adjust(person, { asset: symbol, amount: '-13', reason: 'too many' }));
    expect(refused).toMatchObject({ reason: 'SHARES_INSUFFICIENT', metadata: { needed: '13', available: '12' } });
    expect(await refusalOf(adjust(person, added, person))).toMatchObject({ code: 'permission_denied' });

    expect(await adjustmentsOn(person)).toEqual([
      `-3 ${symbol}: issued by mistake`,
      `5 ${symbol}: not delivered`,
      '4.95 USD: a fee was taken twice',
    ]);
    expect((await balancesOf(person)).cash?.total).toBe('104.95');
    await eventually(async () => {
      const { portfolio } = (await person.call('PortfolioService/GetPortfolio')) as { portfolio: JsonObject };
      expect(portfolio).toMatchObject({ cash: '104.95', realizedPnl: '0.00' });
      // Of 15 shares that cost 500, 12 are left.
      expect(portfolio.positions).toMatchObject([{ symbol, quantity: '12', cost: '400.00' }]);
      const { messages = [] } = await person.call('NotificationService/ListMessages');
      const texts = (messages as JsonObject[]).map(({ subject, text }) => `${subject}: ${text}`);
      expect(texts.join()).toMatch(/4\.95 USD added[\s\S]*Reason: a fee was taken twice/);
      expect(texts.join()).toContain(`Account corrected: 3 ${symbol} taken`);
    });
    await audit(client, shared.admin);
  });
});

describe('the screen of adjustments', { timeout: 120_000 }, () => {
  it('takes by keys what is free and no more, once where the answer is lost, on a phone too', async () => {
    const person = await registerInvestor(client, '80.00');
    const { email } = person;
    const { page } = await open('/#/admin/adjustments', { viewport: sizes.phone, bypassCSP: true });
    await logInAt(page, shared.admin);
    await page.getByLabel('Name, address or id').fill(person.accountId);
    await page.getByRole('button', { name: /^Open / }).press('Enter');
    await page.getByRole('radio', { name: 'Take', exact: true }).press('Space');
    await page.getByLabel('Cash or symbol').selectOption('USD');
    await page.getByLabel('Amount').fill('90,5');
    await textOnce(page.getByRole('status').filter({ hasText: 'Needs' }), /Needs 90\.5 USD; 80 is free, 0 is held/);
    await page.getByRole('button', { name: 'Take 80' }).press('Enter');
    await page.getByLabel('Amount').fill('30.25');
    await page.getByLabel('Why').fill('paid in twice');
    const grave = page.locator('form.grave');
    await textOnce(grave, /30\.25 USD are taken from .*: free before 80, after 49\.75\. .*“paid in twice”/);
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(sizes.phone.width);
    // The server books it; the page does not hear of it, and sends it again under the same key.
    await page.route('**/outcry.ledger.v1.LedgerAdminService/AdjustAccount', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByLabel(`Type ${email}`).fill(email);
    await page.getByLabel(`Type ${email}`).press('Enter');
    await textOnce(grave, /to do it again is safe/);
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByLabel(`Type ${email}`).press('Enter');
    await textOnce(rowsOf(page, 'Adjustments').first(), /\u221230\.25\s+USD\s+paid in twice/);
    await page.getByText(`The account of ${email} is corrected.`).first().waitFor();
    expect(await adjustmentsOn(person)).toEqual(['-30.25 USD: paid in twice']);
    expect((await balancesOf(person)).cash?.available).toBe('49.75');
  });
});
