/** The life of an order of each kind, step by step. At each step the scene compares what is held, paid and got. */
import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { readOrder } from './exact-hold.ts';
import type { KindScene, KindTerms } from './kind-scene.ts';

/** A life, of a buy or a sale. */
export type Life = (scene: KindScene) => Promise<void>;

const open = { status: 'ORDER_STATUS_OPEN' };
const waiting = { ...open, waiting: true };
const partly = (filledQuantity: string) => ({ status: 'ORDER_STATUS_PARTIALLY_FILLED', filledQuantity });
const filled = { status: 'ORDER_STATUS_FILLED', filledQuantity: '10' };
const cancelled = (reason: string, filledQuantity: string) => ({
  status: 'ORDER_STATUS_CANCELLED',
  cancelReason: `ORDER_CANCEL_REASON_${reason}`,
  filledQuantity,
});
const triggered = { triggerTime: expect.any(String) } as JsonObject;

const limit = (scene: KindScene, worse: number, more: JsonObject = {}): KindTerms => ({
  type: 'ORDER_TYPE_LIMIT',
  limitPrice: scene.price(worse),
  ...more,
});
const time = (word: string) => ({ timeInForce: `TIME_IN_FORCE_${word}` });
/** Five in a hundred beyond a price, to the tick that is nearer to it. */
const collar = (scene: KindScene, worse: number): string => {
  const cents = Math.round(Number(scene.price(worse)) * 100);
  return scene.side === 'BUY'
    ? (Math.floor((cents * 105) / 100) / 100).toFixed(2)
    : (Math.ceil((cents * 95) / 100) / 100).toFixed(2);
};

async function auction(scene: KindScene, terms: KindTerms, states: { before: string; after: string }): Promise<void> {
  const { before, after } = states;
  await scene.state(before);
  const orderId = await scene.place(terms, open);
  await scene.offer(0, 4);
  await scene.state(after);
  await scene.expectOrder(orderId, cancelled('EXPIRED', '4'));
}

async function selfTrade(scene: KindScene, mode: string, after: { own: JsonObject; order: JsonObject }): Promise<void> {
  const other = { BUY: 'SELL', SELL: 'BUY' }[scene.side];
  const own = await scene.place(limit(scene, 0, { side: `SIDE_${other}`, quantity: '4' }), open);
  const selfTradePrevention = `SELF_TRADE_PREVENTION_${mode}`;
  const orderId = await scene.place(limit(scene, 0, { selfTradePrevention }), after.order);
  await scene.expectOrder(own, after.own);
  if (after.order === open) await scene.cancel(orderId);
}

/** Lives by name. */
export const lives: Readonly<Record<string, Life>> = {
  async 'LIMIT GTC rests, fills in part, then whole'(scene) {
    const orderId = await scene.place(limit(scene, 0), open);
    await scene.offer(0, 4);
    await scene.expectOrder(orderId, partly('4'));
    await scene.offer(0, 6);
    await scene.expectOrder(orderId, filled);
  },
  async 'LIMIT DAY ends with the session, after a part'(scene) {
    const orderId = await scene.place(limit(scene, 0, time('DAY')), open);
    await scene.offer(0, 3);
    await scene.expectOrder(orderId, partly('3'));
    await scene.state('CLOSED');
    await scene.expectOrder(orderId, cancelled('EXPIRED', '3'));
  },
  async 'LIMIT GTD ends at its time, and is refused after it'(scene) {
    const until = (ms: number) => ({ ...time('GTD'), expireTime: new Date(Date.now() + ms).toISOString() });
    // Not so soon that a machine which stands still for some seconds comes to it before the order is seen open.
    const orderId = await scene.place(limit(scene, 0, until(12_000)), open);
    expect((await scene.refused(limit(scene, 0, until(-1_000)))).reason).toBe('EXPIRE_TIME_PAST');
    await scene.expectOrder(orderId, cancelled('EXPIRED', '0'));
  },
  async 'LIMIT IOC takes what is there'(scene) {
    await scene.offer(0, 4);
    await scene.place(limit(scene, 1, time('IOC')), cancelled('NO_LIQUIDITY', '4'));
  },
  async 'LIMIT FOK trades whole or is refused'(scene) {
    await scene.offer(0, 4);
    expect((await scene.refused(limit(scene, 1, time('FOK')))).reason).toBe('FILL_OR_KILL_UNFILLED');
    await scene.offer(1, 6);
    await scene.place(limit(scene, 1, time('FOK')), filled);
  },
  async 'LIMIT AT_OPEN trades in the opening auction alone'(scene) {
    expect((await scene.refused(limit(scene, 0, time('AT_OPEN')))).reason).toBe('INSTRUMENT_NOT_TRADING');
    await auction(scene, limit(scene, 0, time('AT_OPEN')), { before: 'PRE_OPEN', after: 'CONTINUOUS' });
  },
  async 'LIMIT AT_CLOSE waits for the closing auction'(scene) {
    const orderId = await scene.place(limit(scene, 0, time('AT_CLOSE')), waiting);
    await scene.state('CLOSING_AUCTION');
    await scene.expectOrder(orderId, { ...open, ...triggered });
    await scene.offer(0, 4);
    await scene.state('CLOSED');
    await scene.expectOrder(orderId, cancelled('EXPIRED', '4'));
  },
  async 'LIMIT post-only is refused, or slides'(scene) {
    await scene.offer(1, 5);
    const postOnly = { postOnly: true };
    expect((await scene.refused(limit(scene, 2, postOnly))).reason).toBe('POST_ONLY_WOULD_TRADE');
    const limitPrice = scene.price(0.99);
    const orderId = await scene.place(limit(scene, 2, { ...postOnly, slide: true }), { ...open, limitPrice });
    await scene.offer(0.99, 4);
    await scene.expectOrder(orderId, { ...partly('4'), limitPrice });
    await scene.cancel(orderId);
    await scene.expectOrder(orderId, cancelled('REQUESTED', '4'));
  },
  async 'LIMIT with a minimum quantity trades as much at once, or is refused'(scene) {
    await scene.offer(0, 3);
    const refused = await scene.refused(limit(scene, 0, { minimumQuantity: '4' }));
    expect(refused.reason).toBe('MINIMUM_QUANTITY_UNFILLED');
    const orderId = await scene.place(limit(scene, 0, { minimumQuantity: '3' }), partly('3'));
    await scene.cancel(orderId);
    await scene.expectOrder(orderId, cancelled('REQUESTED', '3'));
  },
  async 'MARKET takes what is there'(scene) {
    await scene.offer(0, 4);
    await scene.place({ type: 'ORDER_TYPE_MARKET' }, cancelled('NO_LIQUIDITY', '4'));
  },
  async 'STOP waits, and then takes what is within its worst price'(scene) {
    const stop = { type: 'ORDER_TYPE_STOP', stopPrice: scene.price(2) };
    const orderId = await scene.place(stop, { ...waiting, limitPrice: collar(scene, 2) });
    await scene.offer(3, 4);
    await scene.offer(9, 6);
    await scene.trade(2);
    await scene.expectOrder(orderId, { ...cancelled('NO_LIQUIDITY', '4'), ...triggered });
  },
  async 'STOP DAY that is never reached ends with the session'(scene) {
    const stop = { type: 'ORDER_TYPE_STOP', stopPrice: scene.price(2), limitPrice: scene.price(2.5), ...time('DAY') };
    const orderId = await scene.place(stop, { ...waiting, limitPrice: scene.price(2.5) });
    await scene.trade(1);
    await scene.expectOrder(orderId, waiting);
    await scene.state('CLOSED');
    await scene.expectOrder(orderId, cancelled('EXPIRED', '0'));
  },
  async 'STOP_LIMIT waits, then rests and fills in part'(scene) {
    const stop = { type: 'ORDER_TYPE_STOP_LIMIT', stopPrice: scene.price(2), limitPrice: scene.price(4) };
    const orderId = await scene.place(stop, waiting);
    await scene.trade(2);
    await scene.expectOrder(orderId, { ...open, ...triggered });
    await scene.offer(4, 3);
    await scene.expectOrder(orderId, { ...partly('3'), ...triggered });
    await scene.cancel(orderId);
    await scene.expectOrder(orderId, cancelled('REQUESTED', '3'));
  },
  async 'STOP_LIMIT of IOC and FOK trade at once when they are reached, or end'(scene) {
    const stop = { type: 'ORDER_TYPE_STOP_LIMIT', stopPrice: scene.price(2), limitPrice: scene.price(4) };
    const ioc = await scene.place({ ...stop, ...time('IOC') }, waiting);
    const fok = await scene.place({ ...stop, ...time('FOK') }, waiting);
    await scene.offer(3, 4);
    await scene.trade(2);
    await scene.expectOrder(ioc, { ...cancelled('NO_LIQUIDITY', '4'), ...triggered });
    await scene.expectOrder(fok, cancelled('NO_LIQUIDITY', '0'));
  },
  async 'STOP that the last trade has reached already does not wait'(scene) {
    await scene.trade(2);
    await scene.offer(2, 10);
    await scene.place({ type: 'ORDER_TYPE_STOP', stopPrice: scene.price(2) }, { ...filled, ...triggered });
  },
  async 'TRAILING_STOP by an amount follows the market'(scene) {
    const trailing = { type: 'ORDER_TYPE_TRAILING_STOP', trailAmount: '2.00' };
    const orderId = await scene.place(trailing, { ...waiting, limitPrice: collar(scene, 2) });
    await scene.trade(-3);
    await scene.trade(-2);
    await scene.expectOrder(orderId, waiting);
    await scene.offer(0, 4);
    await scene.trade(-1);
    await scene.expectOrder(orderId, { ...cancelled('NO_LIQUIDITY', '4'), ...triggered });
  },
  async 'TRAILING_STOP by percent follows the market, within a worst price of its owner'(scene) {
    const trailing = { type: 'ORDER_TYPE_TRAILING_STOP', trailPercent: '2.5', limitPrice: scene.price(3) };
    const orderId = await scene.place(trailing, { ...waiting, limitPrice: scene.price(3) });
    await scene.offer(3, 4);
    await scene.offer(4, 6);
    await scene.trade(2.4);
    await scene.expectOrder(orderId, waiting);
    await scene.trade(2.6);
    await scene.expectOrder(orderId, { ...cancelled('NO_LIQUIDITY', '4'), ...triggered });
  },
  async 'ICEBERG shows a part, and fills slice by slice'(scene) {
    const iceberg = { type: 'ORDER_TYPE_ICEBERG', limitPrice: scene.price(0), displayQuantity: '2' };
    const orderId = await scene.place(iceberg, open);
    await scene.offer(0, 5);
    await scene.expectOrder(orderId, partly('5'));
    await scene.offer(0, 5);
    await scene.expectOrder(orderId, filled);
  },
  async 'ICEBERG AT_OPEN takes part in the auction whole'(scene) {
    const iceberg = {
      type: 'ORDER_TYPE_ICEBERG',
      limitPrice: scene.price(0),
      displayQuantity: '1',
      ...time('AT_OPEN'),
    };
    await auction(scene, iceberg, { before: 'OPENING_AUCTION', after: 'CONTINUOUS' });
  },
  'an own order on the other side: CANCEL_NEWEST': (scene) =>
    selfTrade(scene, 'CANCEL_NEWEST', { own: open, order: cancelled('SELF_TRADE', '0') }),
  'an own order on the other side: CANCEL_OLDEST': (scene) =>
    selfTrade(scene, 'CANCEL_OLDEST', { own: cancelled('SELF_TRADE', '0'), order: open }),
  'an own order on the other side: CANCEL_BOTH': (scene) =>
    selfTrade(scene, 'CANCEL_BOTH', { own: cancelled('SELF_TRADE', '0'), order: cancelled('SELF_TRADE', '0') }),
  'an own order on the other side: DECREMENT': (scene) =>
    selfTrade(scene, 'DECREMENT', { own: cancelled('SELF_TRADE', '0'), order: { ...open, quantity: '6' } }),
  async 'more than is owned is refused for each kind'(scene) {
    const prices = { stopPrice: scene.price(2), limitPrice: scene.price(4) };
    const kinds: KindTerms[] = [
      { type: 'ORDER_TYPE_LIMIT', limitPrice: scene.price(0) },
      { type: 'ORDER_TYPE_STOP', stopPrice: scene.price(2) },
      { type: 'ORDER_TYPE_STOP_LIMIT', ...prices },
      { type: 'ORDER_TYPE_TRAILING_STOP', trailAmount: '2.00' },
      { type: 'ORDER_TYPE_ICEBERG', limitPrice: scene.price(0), displayQuantity: '20' },
    ];
    const reason = scene.side === 'BUY' ? 'CASH_INSUFFICIENT' : 'SHARES_INSUFFICIENT';
    for (const kind of kinds) {
      const refused = await scene.refused({ ...kind, quantity: '2000' });
      expect(refused).toMatchObject({ code: 'failed_precondition', reason });
    }
    const [orderId] = [await scene.place(limit(scene, 0), open)];
    await scene.cancel(orderId);
    expect((await readOrder(scene.owner, orderId)).orderId).toBe(orderId);
  },
};
