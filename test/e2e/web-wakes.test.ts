/** The web app on a machine that sleeps and wakes. */
import { describe, expect, inject, it } from 'vitest';
import { createTestClient } from '../support/clients.ts';
import { limitTerms, placeOrder } from '../support/investor.ts';
import { logInAdmin } from '../support/market.ts';
import { sleepWhile, type WakingFrame, wakingFramesScript } from '../support/sleeping-page.ts';
import { textOnce } from '../support/trading-page.ts';
import { openTwoSides } from '../support/two-sides.ts';
import { untilLive, useChromium } from '../support/web-app.ts';

const shared = inject('sharedSystem');
const client = createTestClient('fetch', shared.gatewayUrl);
const open = useChromium();

describe('the web app on a machine that slept', { timeout: 120_000 }, () => {
  it('has no old price as a live one in any frame after it woke, then is live with the book of now (11)', async () => {
    const { symbol, seller, buyer, tradeAt } = await openTwoSides(client, await logInAdmin(client, shared));
    await tradeAt('100.00');
    const before = await placeOrder(buyer, limitTerms('BUY', symbol, '7', '97.00'));
    const { page } = await open(`/#/${symbol}`, { prepare: (one) => one.addInitScript(wakingFramesScript) });
    await untilLive(page);
    await textOnce(page.locator('.strip .last'), /^100\.00/);
    const depth = page.getByRole('listbox', { name: `Depth of ${symbol}` });
    await textOnce(depth, /97\.00/);
    await sleepWhile(page, { sleepMs: 7_000 }, async () => {
      for (const price of ['101.00', '102.00', '103.00']) await tradeAt(price);
      await buyer.call('OrderService/CancelOrder', { orderId: before.orderId });
      await placeOrder(seller, limitTerms('SELL', symbol, '4', '104.00'));
    });
    await untilLive(page);
    const text = await textOnce(depth, /104\.00/);
    expect(text).not.toMatch(/97\.00/);
    const frames = (await page.evaluate('wakingFrames')) as WakingFrame[];
    const isLive = ({ connection, isDimmed }: WakingFrame) => connection === 'Live' || !isDimmed;
    expect(frames[0]?.connection).toMatch(/^\d+ s old$/);
    const isOld = ({ last, book }: WakingFrame) => last !== '103.00' || book.includes('97.00');
    expect(frames.filter((frame) => isLive(frame) && isOld(frame))).toEqual([]);
    expect(frames.some(isLive)).toBe(true);
  });
});
