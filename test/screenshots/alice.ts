/** What Alice does in the morning: an account with something on each of its screens. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { amountTerms, limitTerms, marketTerms, placeOrder } from '../support/investor.ts';
import { type Act, priceBeside, type Scene } from './scene.ts';

const key = () => ({ idempotencyKey: randomUUID() });
const place = (terms: JsonObject) => (scene: Scene) => placeOrder(scene.alice, terms);
const buy = (symbol: string, quantity: string) => place(marketTerms('BUY', symbol, quantity));
const sell = (symbol: string, quantity: string) => place(marketTerms('SELL', symbol, quantity));
const arrange = (terms: JsonObject) => (scene: Scene) =>
  scene.alice.call('AutoService/CreateRule', { ...key(), terms });

/** A limit order so many percent beside the middle; negative: below. */
const rest =
  (side: 'BUY' | 'SELL', symbol: string, quantity: string, percent: number, more: JsonObject = {}) =>
  async (scene: Scene) => {
    const price = await priceBeside(scene, symbol, percent);
    return placeOrder(scene.alice, { ...limitTerms(side, symbol, quantity, price), ...more });
  };

async function savings(scene: Scene): Promise<void> {
  const zone = 'America/New_York';
  const order = amountTerms('ACME', '250.00');
  await arrange({ name: 'Monday savings', schedule: { cron: '45 9 * * 1', timeZone: zone }, order })(scene);
  const small = amountTerms('LUMA', '40.00');
  await arrange({
    name: 'A little LUMA each weekday',
    schedule: { cron: '30 8 * * 1-5', timeZone: zone },
    order: small,
  })(scene);
}

async function conditions(scene: Scene): Promise<void> {
  const dear = { symbol: 'ACME', direction: 'PRICE_DIRECTION_AT_OR_ABOVE', price: '200.00' };
  await arrange({ name: 'ACME is dear', condition: dear, alert: { note: 'Sell half?' } })(scene);
  const cheap = { symbol: 'DELV', direction: 'PRICE_DIRECTION_AT_OR_BELOW', price: '18.50' };
  await arrange({ name: 'DELV under 18.50', condition: cheap, order: marketTerms('BUY', 'DELV', '60') })(scene);
  const poor = { symbol: 'NOVA', direction: 'PRICE_DIRECTION_AT_OR_BELOW', price: '700.00' };
  await arrange({ name: 'All of NOVA', condition: poor, order: marketTerms('BUY', 'NOVA', '400') })(scene);
}

async function slices(scene: Scene): Promise<void> {
  const slice = {
    order: marketTerms('BUY', 'CIRR', '24'),
    algorithm: 'SLICE_ALGORITHM_TWAP',
    duration: '3600s',
    orderCount: 8,
  };
  await arrange({ name: 'CIRR over an hour', once: {}, slice })(scene);
}

async function cancelOne(scene: Scene): Promise<void> {
  const { orderId } = await rest('BUY', 'EVER', '80', -0.8)(scene);
  await scene.alice.call('OrderService/CancelOrder', { orderId });
}

async function bracket(scene: Scene): Promise<void> {
  const entry = limitTerms('BUY', 'BOLT', '12', await priceBeside(scene, 'BOLT', -0.6));
  const target = limitTerms('SELL', 'BOLT', '12', await priceBeside(scene, 'BOLT', 1.6));
  const stopPrice = await priceBeside(scene, 'BOLT', -1.6);
  const stop = { symbol: 'BOLT', side: 'SIDE_SELL', type: 'ORDER_TYPE_STOP', quantity: '12', stopPrice };
  const orders = [entry, target, stop].map((terms) => ({ clientOrderId: randomUUID(), terms }));
  await scene.alice.call('OrderService/PlaceOrderList', {
    clientListId: randomUUID(),
    type: 'LIST_TYPE_BRACKET',
    orders,
  });
}

async function moreOrders(scene: Scene): Promise<void> {
  const stopPrice = await priceBeside(scene, 'NOVA', -1.2);
  await place({ symbol: 'NOVA', side: 'SIDE_SELL', type: 'ORDER_TYPE_STOP', quantity: '8', stopPrice })(scene);
  await place({
    symbol: 'AURA',
    side: 'SIDE_SELL',
    type: 'ORDER_TYPE_TRAILING_STOP',
    quantity: '60',
    trailPercent: '1.5',
  })(scene);
  const limitPrice = await priceBeside(scene, 'KITE', -1);
  await place({
    symbol: 'KITE',
    side: 'SIDE_BUY',
    type: 'ORDER_TYPE_ICEBERG',
    quantity: '5000',
    displayQuantity: '500',
    limitPrice,
  })(scene);
  await rest('BUY', 'ACME', '12', -0.12)(scene);
  await rest('SELL', 'ACME', '15', 0.14)(scene);
  await rest('BUY', 'ACME', '20', -0.2, { timeInForce: 'TIME_IN_FORCE_DAY' })(scene);
}

const transfer = (rpc: 'Deposit' | 'Withdraw', amount: string) => (scene: Scene) =>
  scene.alice.call(`LedgerService/${rpc}`, { ...key(), amount });

async function devices(scene: Scene): Promise<void> {
  const robot = { name: 'rebalancing robot', scopes: ['SCOPE_READ', 'SCOPE_TRADE'] };
  await scene.alice.call('ApiKeyService/CreateApiKey', { ...key(), ...robot });
  await scene.alice.call('ApiKeyService/CreateApiKey', { ...key(), name: 'spreadsheet', scopes: ['SCOPE_READ'] });
}

/** In the order of their times. */
export const alicesMorning: readonly Act[] = [
  { at: '08:01', what: 'deposits', run: transfer('Deposit', '40000.00') },
  { at: '08:06', what: 'buys ACME', run: buy('ACME', '40') },
  { at: '08:08', what: 'arranges savings', run: savings },
  { at: '08:12', what: 'buys AURA', run: buy('AURA', '150') },
  { at: '08:16', what: 'buys NOVA', run: buy('NOVA', '8') },
  { at: '08:21', what: 'sets conditions', run: conditions },
  { at: '08:26', what: 'buys KITE', run: buy('KITE', '1200') },
  { at: '08:31', what: 'makes keys', run: devices },
  { at: '08:35', what: 'sells ACME', run: sell('ACME', '10') },
  { at: '08:40', what: 'cancels an order', run: cancelOne },
  { at: '08:44', what: 'buys GALE', run: buy('GALE', '60') },
  { at: '08:49', what: 'works an order in slices', run: slices },
  {
    at: '08:54',
    what: 'asks for too much',
    run: (scene) => rest('BUY', 'CIRR', '900', -0.5)(scene).catch(() => undefined),
  },
  { at: '08:59', what: 'withdraws', run: transfer('Withdraw', '1200.00') },
  { at: '09:06', what: 'buys ACME', run: buy('ACME', '25') },
  {
    at: '09:12',
    what: 'orders for the opening',
    run: place({ ...limitTerms('BUY', 'HUDS', '50', '58.60'), timeInForce: 'TIME_IN_FORCE_AT_OPEN' }),
  },
  { at: '09:34', what: 'sells AURA', run: sell('AURA', '50') },
  { at: '09:40', what: 'sells ACME', run: sell('ACME', '12') },
  { at: '09:44', what: 'deposits', run: transfer('Deposit', '2500.00') },
  { at: '09:48', what: 'withdraws', run: transfer('Withdraw', '800.00') },
  { at: '09:52', what: 'places a bracket', run: bracket },
  { at: '09:56', what: 'leaves orders', run: moreOrders },
];
