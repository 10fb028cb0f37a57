/** A case for every RPC that makes something under a key of its caller; the test of keys fails for an RPC that is missing here. */
import { randomUUID } from 'node:crypto';
import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { limitTerms, placeOrder, testPassword } from './investor.ts';
import { altered, type KeyedCase, type KeyScene } from './keyed-case.ts';
import { changeCases } from './keyed-changes.ts';
import { listOf } from './lists.ts';
import { openBook } from './market.ts';

const key = () => randomUUID();
const length = (value: JsonValue | undefined) => (value as JsonValue[] | undefined)?.length ?? 0;

const countStatement: KeyedCase['count'] = async ({ owner }) =>
  length((await owner.call('LedgerService/ListStatement', { pageSize: 200 })).entries);
const countOrders: KeyedCase['count'] = async ({ owner }) =>
  length((await owner.call('OrderService/ListOrders', { pageSize: 200 })).orders);
const countOwnEvents: KeyedCase['count'] = ({ countEvents }, request) => countEvents(symbolIn(request));

/** The first symbol in a request. */
export function symbolIn(request: JsonValue): string {
  const [, symbol = ''] = /"symbol":"([A-Z0-9.]+)"/.exec(JSON.stringify(request)) ?? [];
  return symbol;
}

async function keyOf({ owner }: KeyScene, name: JsonValue | undefined): Promise<JsonObject | undefined> {
  const { apiKeys } = await owner.call('ApiKeyService/ListApiKeys', { pageSize: 100 });
  return ((apiKeys ?? []) as JsonObject[]).find((apiKey) => apiKey.name === name);
}

const amount = { make: () => ({ idempotencyKey: key(), amount: '2.00' }), alter: altered('amount', '3.00') };
const order = ({ symbol }: KeyScene) => ({ clientOrderId: key(), terms: limitTerms('BUY', symbol, '1', '90.00') });
const orderCase = { alter: altered('quantity', '2'), count: countOrders };

/** A resting order of the exchange alone, without a hold: it must never trade, and is voided at the end. */
const bareOrder = (scene: KeyScene, symbol: string) => ({
  orderId: uuidV7(),
  accountId: scene.owner.accountId,
  symbol,
  side: 'SIDE_BUY',
  type: 'ORDER_TYPE_LIMIT',
  priceTicks: '9000',
  quantityLots: '5',
});
const voidAll: KeyedCase['end'] = ({ internal }, request) =>
  internal('exchange.v1.ExchangeService/CancelAll', { commandId: key(), symbol: symbolIn(request) });

/** A command on an order that rests in a book of its own. */
async function onBareOrder(scene: KeyScene): Promise<{ orderId: string; accountId: string; symbol: string }> {
  const resting = bareOrder(scene, await openBook(scene.admin));
  await scene.internal('exchange.v1.ExchangeService/Submit', { orders: [resting] });
  const { orderId, accountId, symbol } = resting;
  return { orderId, accountId, symbol };
}

const trading: Omit<KeyedCase, 'make'> = { as: 'admin', alter: altered('symbol', 'ACME'), count: countOwnEvents };

/** The cases, by the names of their RPCs. */
export const keyedCases: Record<string, KeyedCase> = {
  ...changeCases,
  'ledger.v1.LedgerService/Deposit': { ...amount, count: countStatement },
  'ledger.v1.LedgerService/Withdraw': { ...amount, count: countStatement },
  'ledger.v1.LedgerAdminService/IssueShares': {
    as: 'admin',
    make: ({ owner: { accountId }, symbol }) => ({ idempotencyKey: key(), accountId, symbol, quantity: '2' }),
    alter: altered('quantity', '3'),
    count: countStatement,
  },
  'ledger.v1.LedgerAdminService/AdjustAccount': {
    as: 'admin',
    make: ({ owner: { accountId } }) => ({
      ...{ idempotencyKey: key(), accountId, asset: 'USD' },
      ...{ amount: '0.02', reason: 'a test of keys' },
    }),
    alter: altered('reason', 'another reason'),
    count: countStatement,
  },
  'ledger.v1.LedgerInternalService/FundHouseAccount': {
    make: ({ house: { accountId }, symbol }) => ({
      idempotencyKey: key(),
      accountId,
      cash: '5.00',
      shares: { [symbol]: '1' },
    }),
    alter: altered('cash', '6.00'),
    count: (scene, request) => countStatement({ ...scene, owner: scene.house }, request),
    effect: 2,
  },
  'ledger.v1.LedgerInternalService/PlaceHolds': {
    make: ({ owner: { accountId }, symbol }) => {
      const grid = { priceTicks: '100', tickLotMicros: '10000', lotMicros: '1000000' };
      return { items: [{ orderId: uuidV7(), accountId, symbol, side: 'SIDE_BUY', quantityLots: '1', ...grid }] };
    },
    alter: altered('quantityLots', '2'),
    count: async ({ owner }) => length((await owner.call('LedgerService/ListHolds', { pageSize: 200 })).holds),
    end: ({ internal }, { items }) => {
      const orderIds = (items as JsonObject[]).map(({ orderId }) => orderId as string);
      return internal('ledger.v1.LedgerInternalService/ReleaseHolds', { orderIds });
    },
  },
  'order.v1.OrderService/PlaceOrder': { ...orderCase, make: order },
  'order.v1.OrderService/PlaceOrders': {
    ...orderCase,
    make: (scene) => ({ orders: [order(scene), order(scene)] }),
    effect: 2,
  },
  'order.v1.OrderService/ChangeOrders': {
    ...orderCase,
    make: (scene) => ({ changes: [{ symbol: scene.symbol, placings: [order(scene), order(scene)] }] }),
    effect: 2,
  },
  'order.v1.OrderService/PlaceOrderList': { ...orderCase, effect: 3, make: ({ symbol }) => listOf(symbol) },
  'order.v1.OrderInternalService/PlaceOrderFor': {
    ...orderCase,
    make: (scene) => ({ ...order(scene), accountId: scene.owner.accountId }),
  },
  'order.v1.OrderInternalService/PlaceOrders': {
    ...orderCase,
    make: (scene) => ({ items: [{ order: order(scene), userToken: scene.owner.token, remainingMs: 30_000 }] }),
  },
  'order.v1.OrderService/CancelAllOrders': {
    make: async ({ admin, owner }) => {
      const symbol = await openBook(admin);
      await placeOrder(owner, limitTerms('BUY', symbol, '1', '90.00'));
      return { idempotencyKey: key(), symbol };
    },
    alter: altered('symbol', 'ACME'),
    count: async ({ owner }, request) => {
      const { orders } = await owner.call('OrderService/ListOrders', { symbol: symbolIn(request) });
      return ((orders ?? []) as JsonObject[]).filter(({ status }) => status === 'ORDER_STATUS_CANCELLED').length;
    },
  },
  'auto.v1.AutoService/CreateRule': {
    make: ({ symbol }) => {
      const condition = { symbol, direction: 'PRICE_DIRECTION_AT_OR_ABOVE', price: '100000.00' };
      return { idempotencyKey: key(), terms: { name: 'far away', condition, alert: { note: 'key' } } };
    },
    alter: altered('name', 'farther away'),
    count: async ({ owner }) => length((await owner.call('AutoService/ListRules', { pageSize: 100 })).rules),
  },
  'user.v1.ApiKeyService/CreateApiKey': {
    make: () => ({ idempotencyKey: key(), name: randomUUID(), scopes: ['SCOPE_READ'] }),
    alter: altered('scopes', ['SCOPE_MONEY']),
    count: async (scene, { name }) => ((await keyOf(scene, name)) === undefined ? 0 : 1),
    end: async (scene, { name }) => {
      const { keyId = '' } = (await keyOf(scene, name)) ?? {};
      return scene.owner.call('ApiKeyService/RevokeApiKey', { keyId });
    },
  },
  'user.v1.UserService/Register': {
    make: () => ({
      idempotencyKey: key(),
      email: `key-${randomUUID()}@example.com`,
      password: testPassword,
      displayName: 'Key',
    }),
    alter: altered('displayName', 'Another'),
    count: async ({ admin }, { email }) => {
      let count = 0;
      for (let pageToken = ''; ; ) {
        const page = await admin.call('UserAdminService/ListUsers', { pageSize: 200, pageToken });
        count += ((page.users ?? []) as JsonObject[]).filter((user) => user.email === email).length;
        pageToken = (page.nextPageToken as string | undefined) ?? '';
        if (pageToken === '') return count;
      }
    },
  },
  'market.v1.MarketAdminService/HaltInstrument': {
    ...trading,
    make: async ({ admin }) => ({ idempotencyKey: key(), symbol: await openBook(admin) }),
  },
  'market.v1.MarketAdminService/ResumeInstrument': {
    ...trading,
    make: async ({ admin }) => {
      const symbol = await openBook(admin);
      await admin.call('MarketAdminService/HaltInstrument', { idempotencyKey: key(), symbol });
      return { idempotencyKey: key(), symbol };
    },
  },
  'exchange.v1.ExchangeService/SetTradingState': {
    make: async ({ admin }) => ({
      commandId: key(),
      symbol: await openBook(admin),
      state: 'TRADING_STATE_HALTED',
    }),
    alter: altered('state', 'TRADING_STATE_CLOSED'),
    count: countOwnEvents,
  },
  'exchange.v1.ExchangeService/Submit': {
    make: async (scene) => ({ orders: [bareOrder(scene, await openBook(scene.admin))] }),
    alter: altered('quantityLots', '6'),
    refusal: 'ORDER_ID_REUSED',
    count: countOwnEvents,
    end: voidAll,
  },
  'exchange.v1.ExchangeService/SubmitList': {
    make: async (scene) => {
      const first = bareOrder(scene, await openBook(scene.admin));
      const orders = [first, { ...first, orderId: uuidV7(), priceTicks: '8900' }];
      return { lists: [{ listId: uuidV7(), type: 'LIST_TYPE_OCO', orders }] };
    },
    alter: altered('priceTicks', '8800'),
    count: countOwnEvents,
    effect: 2,
    end: voidAll,
  },
  'exchange.v1.ExchangeService/Cancel': {
    make: async (scene) => ({ items: [{ commandId: key(), ...(await onBareOrder(scene)) }] }),
    alter: altered('orderId', uuidV7()),
    count: countOwnEvents,
  },
  'exchange.v1.ExchangeService/Replace': {
    make: async (scene) => {
      const terms = { expectedRevision: 1, priceTicks: '8900', quantityLots: '5' };
      return { items: [{ commandId: key(), ...(await onBareOrder(scene)), ...terms }] };
    },
    alter: altered('priceTicks', '8800'),
    count: countOwnEvents,
    end: voidAll,
  },
  'exchange.v1.ExchangeService/CancelAll': {
    make: async (scene) => ({ commandId: key(), symbol: (await onBareOrder(scene)).symbol }),
    alter: (request) => ({ ...request, side: 'SIDE_SELL' }),
    count: countOwnEvents,
  },
};
