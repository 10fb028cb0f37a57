/** Interruptions of trading by the circuit breaker, lived by a clock that is set. */
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { balancesOf, limitTerms, marketTerms, orderOnce, placeOrder, registerInvestor } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { issueShares, logInAdmin, openBook } from '../support/market.ts';
import {
  cancelAll,
  clockTo,
  type DayScene,
  fillsOf,
  halt,
  kill,
  openScene,
  placeKeyed,
  quoteOnce,
  resume,
  symbol,
} from '../support/market-day.ts';
import { refusalOf } from '../support/refusal.ts';
import {
  expectRefused,
  followStates,
  holdsOf,
  instrumentOnce,
  interrupted,
  limitAt,
  placePreviewed,
} from '../support/volatility.ts';

let system: RunningSystem | undefined;
afterEach(async () => {
  await system?.[Symbol.asyncDispose]();
  system = undefined;
}, 90_000);

async function start(clock: string): Promise<DayScene> {
  system = await startSystem({ flags: ['--no-simulator', '--clock', clock, '--clock-speed', '0'] });
  const client = createTestClient('connect', system.gatewayUrl);
  const scene = await openScene(system, client, await logInAdmin(client, system));
  await quoteOnce(scene, 'CONTINUOUS');
  return scene;
}

const auditOf = ({ client, admin }: DayScene) => audit(client, { email: admin.email, password: admin.password });
const none = { haltCause: 'HALT_CAUSE_UNSPECIFIED' };
const causeOf = (instrument: { haltCause?: unknown }) => instrument.haltCause ?? none.haltCause;

/**
 * Trades 2 shares at a price and offers 2 more beyond the breaker, to which a buy of 4 in all does not come: it trades 2, and its other 2 rest.
 * Returns the id of the buy.
 */
async function trip({ buyer, seller }: DayScene, { near, far, key = randomUUID() }: TripPrices): Promise<string> {
  await placeKeyed(seller, `${key}-near`, limitAt('SELL', '2', near));
  await placeKeyed(seller, `${key}-far`, limitAt('SELL', '2', far));
  return (await placeKeyed(buyer, key, limitAt('BUY', '4', far))).orderId;
}

/** Prices in cents, and the key of the buy. */
type TripPrices = { near: number; far: number; key?: string };

describe('an interruption by the circuit breaker', () => {
  it('prevents the trade, takes cancels only, then collects orders, trades them at one price and goes on', {
    timeout: 240_000,
  }, async () => {
    const scene = await start('2026-03-10T10:00:00 America/New_York');
    const { client, buyer, seller } = scene;
    const instrument = await instrumentOnce(client, { state: 'TRADING_STATE_CONTINUOUS' });
    expect(instrument).toMatchObject({
      ...{ breakerBps: 1_000, breakerHaltDuration: '60s', breakerAuctionDuration: '60s' },
    });
    const stream = followStates(scene);
    // The first state is seen before anything changes it.
    await eventually(() => expect(stream.seen).toEqual(['CONTINUOUS']));
    const { orderId: cancelled } = await placeOrder(seller, limitAt('SELL', '1', 69_00));
    const stopTerms = { symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_STOP', quantity: '1', stopPrice: '64.50' };
    const { orderId: stop } = await placeOrder(buyer, stopTerms);
    await placeOrder(seller, limitAt('SELL', '5', 59_00));
    await placeOrder(seller, limitAt('SELL', '5', 65_00));
    // The listing at 58.15 is the reference of the breaker, so it takes 52.34 to 63.96.
    const { orderId: crossing } = await placePreviewed(buyer, limitAt('BUY', '8', 66_00));

    const halted = interrupted('HALTED', '2026-03-10T14:01:00Z', '2026-03-10T14:02:00Z');
    await instrumentOnce(client, halted);
    expect(await quoteOnce(scene, 'HALTED')).toMatchObject({ ...halted, lastPrice: '59.00', bidPrice: '66.00' });
    expect(await orderOnce(buyer, crossing, 'PARTIALLY_FILLED')).toMatchObject({ averageFillPrice: '59.00' });
    expect(await fillsOf(buyer)).toEqual(['59.00 x 5']);
    for (const terms of [limitAt('BUY', '1', 58_00), marketTerms('BUY', symbol, '1')]) {
      await expectRefused(buyer, terms, 'INSTRUMENT_HALTED');
    }
    await seller.call('OrderService/CancelOrder', { orderId: cancelled });
    await orderOnce(seller, cancelled, 'CANCELLED');
    // The rest of the buy and the stop are held for, and nothing of what was refused.
    await eventually(async () => expect(await holdsOf(buyer)).toHaveLength(2));
    await auditOf(scene);

    await clockTo(scene, '2026-03-10T14:01:00Z');
    const reopening = interrupted('OPENING_AUCTION', '2026-03-10T14:01:00Z', '2026-03-10T14:02:00Z');
    await instrumentOnce(client, reopening);
    await eventually(async () => {
      expect(await quoteOnce(scene, 'OPENING_AUCTION')).toMatchObject({
        ...reopening,
        ...{ indicativePrice: '65.00', indicativeQuantity: '3', imbalanceSide: 'SIDE_SELL', imbalanceQuantity: '2' },
      });
    });
    const immediate = { ...limitAt('BUY', '1', 65_00), timeInForce: 'TIME_IN_FORCE_IOC' };
    for (const terms of [immediate, marketTerms('SELL', symbol, '1')]) {
      await expectRefused(seller, terms, 'INSTRUMENT_NOT_TRADING');
    }
    const atOpen = { ...limitAt('BUY', '1', 65_50), timeInForce: 'TIME_IN_FORCE_AT_OPEN' };
    const { orderId: joining } = await placePreviewed(buyer, atOpen);
    const { orderId: below } = await placePreviewed(buyer, limitAt('BUY', '2', 64_00));
    await eventually(async () => {
      expect(await quoteOnce(scene, 'OPENING_AUCTION')).toMatchObject({ indicativeQuantity: '4' });
    });
    await auditOf(scene);

    await clockTo(scene, '2026-03-10T14:02:00Z');
    await quoteOnce(scene, 'CONTINUOUS');
    for (const orderId of [crossing, joining, stop]) await orderOnce(buyer, orderId, 'FILLED');
    await eventually(async () => {
      const auction = ['65.00 x 3', '65.00 x 1', '65.00 x 1'];
      expect(await fillsOf(buyer)).toEqual(['59.00 x 5', ...auction]);
    });
    const open = await instrumentOnce(client, { state: 'TRADING_STATE_CONTINUOUS' });
    expect([causeOf(open), open.resumeTime ?? '']).toEqual([none.haltCause, '']);
    await placePreviewed(seller, marketTerms('SELL', symbol, '2'));
    await orderOnce(buyer, below, 'FILLED');
    await eventually(async () => {
      expect([await holdsOf(buyer), await holdsOf(seller)]).toEqual([[], []]);
      expect((await balancesOf(buyer)).sharesOf(symbol)).toMatchObject({ total: '12', held: '0' });
    });
    const resumeTime = '2026-03-10T14:02:00Z';
    await eventually(() => {
      expect(stream.seen).toEqual([
        'CONTINUOUS',
        `HALTED BREAKER ${resumeTime}`,
        `OPENING_AUCTION BREAKER ${resumeTime} 65.00`,
        'CONTINUOUS',
      ]);
    });
    await stream.end();
    await auditOf(scene);
  });

  it('passes by the clock of the machine too, for an instrument that an operator lists with a breaker', async () => {
    const shared = inject('sharedSystem');
    const client = createTestClient('connect', shared.gatewayUrl);
    const admin = await logInAdmin(client, shared);
    const breaker = { breakerBps: 500, breakerHaltDuration: '1.500s', breakerAuctionDuration: '0.500s' };
    const listed = await openBook(admin, breaker);
    const [buyer, seller] = await Promise.all([registerInvestor(client), registerInvestor(client)]);
    await issueShares(admin, seller, listed, '10');
    await placeOrder(seller, limitTerms('SELL', listed, '1', '105.01'));
    const begunMs = Date.now();
    const { orderId } = await placeOrder(buyer, limitTerms('BUY', listed, '1', '106.00'));
    expect(await orderOnce(buyer, orderId, 'FILLED')).toMatchObject({ averageFillPrice: '105.01' });
    expect(Date.now() - begunMs).toBeGreaterThanOrEqual(2_000);
    // The market hears of the end of the auction by a feed of its own.
    await eventually(async () => {
      const { instrument } = await client.call('MarketService/GetInstrument', { symbol: listed });
      expect(instrument).toMatchObject({ ...breaker, state: 'TRADING_STATE_CONTINUOUS' });
    });
    const terms = { symbol: listed, name: 'Other', tickSize: '0.01', lotSize: '1', referencePrice: '100', ...breaker };
    const other = { instrument: { ...terms, breakerBps: 600 } };
    expect((await refusalOf(admin.call('MarketAdminService/CreateInstrument', other))).reason).toBe(
      'SYMBOL_ALREADY_LISTED',
    );
  });

  it('is ended by an operator, and by the close of the session', { timeout: 240_000 }, async () => {
    const scene = await start('2026-03-10T10:00:00 America/New_York');
    const { client, buyer } = scene;
    const held = await trip(scene, { near: 58_00, far: 65_00 });
    await instrumentOnce(client, interrupted('HALTED', '2026-03-10T14:01:00Z', '2026-03-10T14:02:00Z'));
    await halt(scene);
    const byOperator = { state: 'TRADING_STATE_HALTED', haltCause: 'HALT_CAUSE_OPERATOR' };
    expect((await instrumentOnce(client, byOperator)).resumeTime ?? '').toBe('');
    await clockTo(scene, '2026-03-10T14:10:00Z');
    await instrumentOnce(client, byOperator);
    await expectRefused(buyer, limitAt('BUY', '1', 58_00), 'INSTRUMENT_HALTED');
    await resume(scene, '300s');
    const auction = await instrumentOnce(client, {
      state: 'TRADING_STATE_OPENING_AUCTION',
      auctionEndTime: '2026-03-10T14:15:00Z',
    });
    expect([causeOf(auction), auction.resumeTime ?? '']).toEqual([none.haltCause, '']);
    await clockTo(scene, '2026-03-10T14:15:00Z');
    await quoteOnce(scene, 'CONTINUOUS');
    await orderOnce(buyer, held, 'FILLED');
    await auditOf(scene);

    // 65.00 is the new reference.
    await clockTo(scene, '2026-03-10T19:57:30Z');
    const atClose = await trip(scene, { near: 65_00, far: 73_00 });
    await instrumentOnce(client, interrupted('HALTED', '2026-03-10T19:58:30Z', '2026-03-10T19:59:30Z'));
    await clockTo(scene, '2026-03-10T19:58:00Z');
    expect(await quoteOnce(scene, 'CLOSING_AUCTION')).toMatchObject({ indicativePrice: '73.00' });
    const ofTheDay = { ...limitAt('BUY', '1', 60_00), timeInForce: 'TIME_IN_FORCE_DAY' };
    const { orderId: endsToday } = await placePreviewed(buyer, ofTheDay);
    await clockTo(scene, '2026-03-10T20:00:00Z');
    await quoteOnce(scene, 'CLOSED');
    expect(await orderOnce(buyer, atClose, 'FILLED')).toMatchObject({ averageFillPrice: '69.00' });
    await orderOnce(buyer, endsToday, 'CANCELLED');
    await clockTo(scene, '2026-03-11T13:30:00Z');
    expect(causeOf(await quoteOnce(scene, 'CONTINUOUS'))).toBe(none.haltCause);
    await auditOf(scene);
  });

  it('goes its way when exchange, market or order is killed at each change of state', {
    timeout: 480_000,
  }, async () => {
    const scene = await start('2026-03-10T10:00:00 America/New_York');
    const { client, buyer, seller } = scene;
    const wanted: string[] = [];
    let near = 58_00;
    for (const [index, service] of ['exchange', 'market', 'order'].entries()) {
      const minutes = (count: number) => `2026-03-10T14:${String(10 * index + count).padStart(2, '0')}:00Z`;
      const far = Math.floor(near * 1.12);
      await clockTo(scene, minutes(1));
      const [tripping] = await Promise.all([trip(scene, { near, far }), kill(scene, service)]);
      await instrumentOnce(client, interrupted('HALTED', minutes(2), minutes(3)));
      await expectRefused(buyer, limitAt('BUY', '1', near), 'INSTRUMENT_HALTED');
      await kill(scene, service);
      await clockTo(scene, minutes(2));
      await instrumentOnce(client, interrupted('OPENING_AUCTION', minutes(2), minutes(3)));
      const { indicativePrice, indicativeQuantity } = await quoteOnce(scene, 'OPENING_AUCTION');
      expect([indicativePrice, indicativeQuantity]).toEqual([(far / 100).toFixed(2), '2']);
      await kill(scene, service);
      await clockTo(scene, minutes(3));
      expect(causeOf(await quoteOnce(scene, 'CONTINUOUS'))).toBe(none.haltCause);
      await eventually(() => orderOnce(buyer, tripping, 'FILLED'), { timeoutMs: 30_000 });
      wanted.push(`${(near / 100).toFixed(2)} x 2`, `${(far / 100).toFixed(2)} x 2`);
      await eventually(async () => expect(await fillsOf(buyer)).toEqual(wanted), { timeoutMs: 30_000 });
      near = far;
    }
    await cancelAll(seller);
    await eventually(async () => expect([await holdsOf(buyer), await holdsOf(seller)]).toEqual([[], []]));
    await auditOf(scene);
  });
});
