/** The inbox of the web app in several windows of a browser, live by one stream. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import { logInAt, textOnce } from '../support/trading-page.ts';
import { useChromium } from '../support/web-app.ts';

const { gatewayUrl } = inject('sharedSystem');
const client = createTestClient('fetch', gatewayUrl);
const open = useChromium();

const button = (page: Page, name: RegExp) => page.getByRole('button', { name });
const status = "document.querySelector('[role=status].hidden')";
// A dialog that takes the focus itself makes Chromium say that it did not.
const isFault = (message: string) => !message.startsWith('info: Autofocus');

describe('the inbox', { timeout: 120_000 }, () => {
  it('shows a message in every window as it comes, says it once, and has what is read in one as read in all', async () => {
    const investor = await registerInvestor(client, '');
    const deposit = (amount: string) =>
      investor.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount });
    const { page, faults } = await open('/#/inbox', { viewport: { width: 1440, height: 900 } });
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(request.url().replace(/^.*NotificationService\//, '')));
    await logInAt(page, investor);
    const second = await page.context().newPage();
    await second.goto(`${gatewayUrl}/#/inbox`);
    const windows = [page, second];
    const unreadIn = (shown: Page) => shown.locator('.top-bar .unread-count');
    for (const shown of windows) {
      await button(shown, /^Unread: Welcome/).waitFor();
      await textOnce(unreadIn(shown), /^1/);
      await shown.evaluate(`var said = []; new MutationObserver(() => said.push(${status}.textContent))
        .observe(${status}, { childList: true, characterData: true, subtree: true })`);
    }
    const listedBefore = asked.filter((rpc) => rpc === 'ListMessages').length;
    await deposit('25.00');
    for (const shown of windows) {
      await button(shown, /^Unread: Deposit booked: 25\.00 USD/).waitFor();
      await textOnce(unreadIn(shown), /^2/);
      await eventually(async () => {
        const said = ((await shown.evaluate('said')) as string[]).filter((text) => text.includes('message'));
        expect(said).toEqual(['New message: Deposit booked: 25.00 USD.']);
      });
    }
    await button(page, /^Unread: Deposit booked/).click();
    await button(second, /^Deposit booked: 25\.00 USD/).waitFor();
    for (const shown of windows) await textOnce(unreadIn(shown), /^1/);
    // One stream for both windows, and nothing was asked again.
    const asks = (name: string) => asked.filter((rpc) => rpc === name).length;
    expect([asks('StreamMessages'), asks('ListMessages')]).toEqual([1, listedBefore]);
    // The window that reads for both is closed: the other one reads on.
    await page.close();
    await deposit('26.00');
    await button(second, /^Unread: Deposit booked: 26\.00 USD/).waitFor();
    expect([asks('StreamMessages'), asks('ListMessages')]).toEqual([2, listedBefore]);
    expect(faults.filter(isFault)).toEqual([]);
  });
});
