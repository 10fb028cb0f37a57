/** The market's day, lived by a clock that is set. */
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, orderOnce, placeOrder } from '../support/investor.ts';
import { audit } from '../support/investors-day.ts';
import { logInAdmin } from '../support/market.ts';
import {
  cancelAll,
  clockTo,
  type DayScene,
  fillsOf,
  halt,
  kill,
  openScene,
  placeCrossing,
  quoteOnce,
  resume,
  symbol,
} from '../support/market-day.ts';
import { refusalOf } from '../support/refusal.ts';

let system: RunningSystem | undefined;
afterEach(async () => {
  await system?.[Symbol.asyncDispose]();
  system = undefined;
}, 90_000);

async function start(clock: string, ...flags: string[]): Promise<DayScene> {
  system = await startSystem({ flags: ['--no-simulator', '--clock', clock, '--clock-speed', '0', ...flags] });
  const client = createTestClient('connect', system.gatewayUrl);
  return openScene(system, client, await logInAdmin(client, system));
}

const refusedFor = async (person: Investor) =>
  (await refusalOf(placeOrder(person, limitTerms('BUY', symbol, '1', '58.00')))).reason;

describe('a day of the market', () => {
  it('has pre-open orders, auctions, trading, a halt, a close, and a next day after clocks changed', {
    timeout: 240_000,
  }, async () => {
    const scene = await start('2026-03-06T06:00:00 America/New_York');
    const { client, admin, buyer, seller } = scene;
    await quoteOnce(scene, 'CLOSED');
    expect(await refusedFor(buyer)).toBe('INSTRUMENT_NOT_TRADING');

    await clockTo(scene, '2026-03-06T11:31:00Z');
    await quoteOnce(scene, 'PRE_OPEN');
    const [opening = ''] = await placeCrossing(scene, 59_00);
    await eventually(async () => {
      expect(await quoteOnce(scene, 'PRE_OPEN')).toMatchObject({
        ...{ indicativePrice: '59.00', indicativeQuantity: '9', imbalanceSide: 'SIDE_BUY', imbalanceQuantity: '1' },
      });
    });
    expect(await fillsOf(buyer)).toEqual([]);

    await clockTo(scene, '2026-03-06T14:31:00Z');
    expect((await quoteOnce(scene, 'CONTINUOUS')).indicativePrice ?? '').toBe('');
    const opened = await orderOnce(buyer, opening, 'PARTIALLY_FILLED');
    expect(opened).toMatchObject({ averageFillPrice: '59.00', filledQuantity: '9' });
    await placeOrder(seller, limitTerms('SELL', symbol, '1', '59.00'));
    await orderOnce(buyer, opening, 'FILLED');

    await halt(scene);
    await quoteOnce(scene, 'HALTED');
    expect(await refusedFor(buyer)).toBe('INSTRUMENT_HALTED');
    await clockTo(scene, '2026-03-06T15:00:00Z');
    await quoteOnce(scene, 'HALTED');
    await resume(scene, '300s');
    await quoteOnce(scene, 'OPENING_AUCTION');
    const [reopening = ''] = await placeCrossing(scene, 60_00);
    await clockTo(scene, '2026-03-06T15:05:00Z');
    await quoteOnce(scene, 'CONTINUOUS');
    expect(await orderOnce(buyer, reopening, 'PARTIALLY_FILLED')).toMatchObject({ averageFillPrice: '60.00' });
    await cancelAll(buyer);
    const ofTheDay = { ...limitTerms('BUY', symbol, '2', '55.00'), timeInForce: 'TIME_IN_FORCE_DAY' };
    const { orderId: endsToday } = await placeOrder(buyer, ofTheDay);

    await clockTo(scene, '2026-03-06T20:58:00Z');
    await quoteOnce(scene, 'CLOSING_AUCTION');
    const [closing = ''] = await placeCrossing(scene, 61_00);
    await clockTo(scene, '2026-03-06T21:00:00Z');
    await quoteOnce(scene, 'CLOSED');
    expect(await orderOnce(buyer, closing, 'PARTIALLY_FILLED')).toMatchObject({ averageFillPrice: '61.00' });
    expect(await orderOnce(buyer, endsToday, 'CANCELLED')).toMatchObject({
      cancelReason: 'ORDER_CANCEL_REASON_EXPIRED',
    });
    expect(await refusedFor(buyer)).toBe('INSTRUMENT_NOT_TRADING');

    // Monday opens an hour earlier by the world's clock, and what rested is still there.
    await clockTo(scene, '2026-03-09T13:29:59Z');
    await quoteOnce(scene, 'OPENING_AUCTION');
    await clockTo(scene, '2026-03-09T13:30:00Z');
    await quoteOnce(scene, 'CONTINUOUS');
    await placeOrder(seller, limitTerms('SELL', symbol, '1', '61.00'));
    await orderOnce(buyer, closing, 'FILLED');
    await eventually(async () => {
      const { candles } = await client.call('MarketService/ListCandles', { symbol, interval: 'CANDLE_INTERVAL_1D' });
      expect(candles).toMatchObject([{ open: '61.00' }, { open: '59.00', high: '61.00', close: '61.00' }]);
    });
    await audit(client, { email: admin.email, password: admin.password });
  });

  it('passes over a holiday and closes early on a half day', { timeout: 240_000 }, async () => {
    const scene = await start('2026-11-25T15:59:00 America/New_York');
    await clockTo(scene, '2026-11-26T16:00:00Z');
    await quoteOnce(scene, 'CLOSED');
    await clockTo(scene, '2026-11-27T17:57:00Z');
    await quoteOnce(scene, 'CONTINUOUS');
    await placeCrossing(scene, 59_00);
    await clockTo(scene, '2026-11-27T18:00:00Z');
    await quoteOnce(scene, 'CLOSED');
    const { calendars } = await scene.client.call('MarketService/GetClock', { calendar: 'XNYS' });
    expect(calendars).toMatchObject([{ phase: 'TRADING_STATE_CLOSED', nextOpenTime: '2026-11-30T14:30:00Z' }]);
  });

  it('goes on when exchange, market or order is killed at each change of state', { timeout: 600_000 }, async () => {
    const scene = await start('2026-03-10T06:00:00 America/New_York');
    const { buyer, client, admin } = scene;
    const wanted: string[] = [];
    for (const [index, service] of ['exchange', 'market', 'order'].entries()) {
      const date = `2026-03-${10 + index}`;
      const killedTo = async (time: string, state: string) => {
        await kill(scene, service);
        await clockTo(scene, `${date}T${time}Z`);
        await quoteOnce(scene, state);
      };
      await killedTo('10:30:00', 'PRE_OPEN');
      await placeCrossing(scene, 59_00);
      await killedTo('13:28:00', 'OPENING_AUCTION');
      await killedTo('13:30:00', 'CONTINUOUS');
      // The service that was killed may be away still.
      await eventually(() => cancelAll(buyer), { timeoutMs: 30_000 });
      await killedTo('19:58:00', 'CLOSING_AUCTION');
      await placeCrossing(scene, 60_00);
      await killedTo('20:00:00', 'CLOSED');
      await eventually(() => cancelAll(buyer), { timeoutMs: 30_000 });
      wanted.push('59.00 x 6', '59.00 x 3', '60.00 x 6', '60.00 x 3');
      await eventually(async () => expect(await fillsOf(buyer)).toEqual(wanted), { timeoutMs: 30_000 });
    }
    await audit(client, { email: admin.email, password: admin.password });
  });
});
