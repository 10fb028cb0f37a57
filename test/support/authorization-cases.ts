/** A valid body for every public RPC, made for each call; the authorization test fails for an RPC that is missing here. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { assert } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type Investor, limitTerms, placeOrder, testPassword } from './investor.ts';
import { bracketTerms, listOf } from './lists.ts';
import type { TestClient } from './test-client.ts';

/** What bodies are made from. */
export type Scene = {
  client: TestClient;
  /** Owns every object that bodies name. */
  owner: Investor;
  /** An account that the bodies of staff calls change. */
  victim: Investor;
  admin: Investor;
  symbol: string;
};

/** Makes the body of one call. */
export type BodyMaker = (scene: Scene) => JsonObject | Promise<JsonObject>;

const noId = '01890000-0000-7000-8000-000000000000';
const nothing: BodyMaker = () => ({});
const ofOwner: BodyMaker = ({ owner }) => ({ accountId: owner.accountId });
const ofSymbol: BodyMaker = ({ symbol }) => ({ symbol });
const indicatorsOfSymbol: BodyMaker = ({ symbol }) => ({ symbol, indicators: [{ length: 2 }] });
const ofSymbols: BodyMaker = ({ symbol }) => ({ symbols: [symbol] });
const keyedSymbol: BodyMaker = ({ symbol }) => ({ symbol, idempotencyKey: randomUUID() });
const keyedAmount: BodyMaker = () => ({ idempotencyKey: randomUUID(), amount: '1.00' });
const ofOrder: BodyMaker = async (scene) => ({ orderId: (await restingOrder(scene)).orderId });
const ofRule: BodyMaker = async (scene) => ({ ruleId: await newRule(scene) });
const newKey = () => ({ idempotencyKey: randomUUID(), name: randomUUID(), scopes: ['SCOPE_READ'] });
const previewOf = (symbol: string) => ({ type: 'LIST_TYPE_BRACKET', orders: bracketTerms(symbol) });
const newList = async ({ owner, symbol }: Scene) => {
  const { listId } = await owner.call('OrderService/PlaceOrderList', listOf(symbol));
  return listId as string;
};
const ofVictim: BodyMaker = ({ victim }) => ({ userId: victim.accountId });

/** Bodies by RPC. Calls that end sessions come last, as they are made in this order. */
export const bodies: Record<string, BodyMaker> = {
  'UserService/Register': () => ({
    idempotencyKey: randomUUID(),
    email: `matrix-${randomUUID()}@example.com`,
    password: testPassword,
    displayName: 'Matrix',
  }),
  'UserService/GetProfile': nothing,
  'UserService/UpdateProfile': () => ({ displayName: 'Renamed' }),
  'UserAdminService/GetUser': ofVictim,
  'UserAdminService/EnsureUser': () => ({
    email: `ensured-${randomUUID()}@example.com`,
    password: testPassword,
    displayName: 'Matrix',
  }),
  'UserAdminService/ListUsers': () => ({ pageSize: 1 }),
  'UserAdminService/SetAccountState': ({ victim }) => ({ userId: victim.accountId, state: 'ACCOUNT_STATE_ACTIVE' }),
  'UserAdminService/SetConditions': async ({ admin, victim }) => {
    const { user } = await admin.call('UserAdminService/GetUser', { userId: victim.accountId });
    return { userId: victim.accountId, conditions: (user as { conditions: JsonObject }).conditions };
  },
  'UserAdminService/SetRoles': ({ victim }) => ({ userId: victim.accountId, roles: ['ROLE_USER'] }),
  'SessionService/LogIn': ({ victim }) => ({ email: victim.email, password: victim.password }),
  'SessionService/RefreshSession': async ({ client, victim }) => {
    const { tokens } = await client.call('SessionService/LogIn', { email: victim.email, password: victim.password });
    return { refreshToken: (tokens as { refreshToken: string }).refreshToken };
  },
  'SessionService/GetJwks': nothing,
  'LedgerService/GetBalances': ofOwner,
  'LedgerService/ListHolds': ofOwner,
  'LedgerService/ListStatement': ofOwner,
  'LedgerService/Deposit': keyedAmount,
  'LedgerService/Withdraw': keyedAmount,
  'LedgerService/GetTransfer': async ({ owner }) => {
    const { transfer } = await owner.call('LedgerService/Deposit', { idempotencyKey: randomUUID(), amount: '1.00' });
    return { transferId: (transfer as { transferId: string }).transferId };
  },
  'LedgerService/ListTransfers': ofOwner,
  'LedgerService/ExportTable': ({ owner }) => ({ accountId: owner.accountId, table: 'EXPORTED_TABLE_STATEMENT' }),
  'LedgerAdminService/ListStuckTransfers': nothing,
  'LedgerAdminService/ListPaymentFindings': nothing,
  'LedgerAdminService/SettlePaymentFindings': () => ({ findingIds: ['1'], reason: 'a test' }),
  'LedgerAdminService/ListAdjustments': nothing,
  'LedgerAdminService/AdjustAccount': ({ owner }) => ({
    ...{ idempotencyKey: randomUUID(), accountId: owner.accountId, asset: 'USD' },
    ...{ amount: '0.01', reason: 'a test' },
  }),
  'LedgerAdminService/IssueShares': ({ owner, symbol }) => ({
    idempotencyKey: randomUUID(),
    accountId: owner.accountId,
    symbol,
    quantity: '1',
  }),
  'LedgerAdminService/Audit': async (scene) => {
    proved ??= prove(scene);
    await proved;
    return {};
  },
  'AuditService/RunAudit': nothing,
  'AuditService/GetVerdict': nothing,
  'AuditService/ListVerdicts': nothing,
  'MarketService/ListInstruments': nothing,
  'MarketService/GetInstrument': ofSymbol,
  'MarketService/ListQuotes': ofSymbols,
  'MarketService/ListSnapshots': ofSymbols,
  'MarketService/GetDepth': ofSymbol,
  'MarketService/ListTrades': ofSymbol,
  'MarketService/ListCandles': ofSymbol,
  'MarketService/ListAuctions': ofSymbol,
  'MarketService/ListPastQuotes': ofSymbol,
  'MarketService/GetClock': nothing,
  'MarketService/ListSessions': ofSymbol,
  'MarketService/StreamQuotes': ofSymbols,
  'MarketService/StreamDepth': ofSymbol,
  'MarketService/StreamTrades': ofSymbols,
  'MarketService/StreamCandles': ofSymbol,
  'MarketService/ChangeStream': () => ({ streamId: 'a-stream-of-nobody', symbols: ['ACME'] }),
  'MarketAdminService/CreateInstrument': () => ({
    instrument: {
      symbol: `M${randomUUID().slice(0, 8).toUpperCase().replace('-', '')}`,
      name: 'Matrix',
      tickSize: '0.01',
      lotSize: '1',
      currency: 'USD',
      referencePrice: '10.00',
    },
  }),
  'MarketAdminService/SetClock': () => ({ speed: 1 }),
  'MarketAdminService/HaltInstrument': keyedSymbol,
  'MarketAdminService/ResumeInstrument': keyedSymbol,
  'OrderService/PlaceOrder': ({ symbol }) => ({
    clientOrderId: randomUUID(),
    terms: limitTerms('BUY', symbol, '1', '90.00'),
  }),
  'OrderService/PlaceOrders': ({ symbol }) => ({
    orders: [{ clientOrderId: randomUUID(), terms: limitTerms('BUY', symbol, '1', '90.00') }],
  }),
  'OrderService/PlaceOrderList': ({ symbol }) => listOf(symbol),
  'OrderService/PreviewOrderList': ({ symbol }) => previewOf(symbol),
  'OrderService/GetOrderList': async (scene) => ({ listId: await newList(scene) }),
  'OrderService/PreviewOrder': ({ symbol }) => ({ terms: limitTerms('BUY', symbol, '1', '90.00') }),
  'OrderService/CancelOrder': ofOrder,
  'OrderService/CancelOrders': async (scene) => ({ orderIds: [(await restingOrder(scene)).orderId] }),
  'OrderService/ChangeOrders': ({ symbol }) => ({
    changes: [{ symbol, placings: [{ clientOrderId: randomUUID(), terms: limitTerms('BUY', symbol, '1', '90.00') }] }],
  }),
  'OrderService/ClosePosition': ({ symbol }) => ({ clientOrderId: randomUUID(), symbol, quantity: '1' }),
  'OrderService/CloseAllPositions': () => ({ idempotencyKey: randomUUID(), cancelOrders: true }),
  'OrderService/CancelAllOrders': nothing,
  'OrderService/ReplaceOrder': async (scene) => ({
    orderId: (await restingOrder(scene)).orderId,
    idempotencyKey: randomUUID(),
    quantity: '2',
  }),
  'OrderService/KeepSessionAlive': () => ({ sessionId: 'matrix', ttl: '5s' }),
  'OrderService/GetOrder': ofOrder,
  'OrderService/ListOrders': ofOwner,
  'OrderService/ListFills': ofOwner,
  'OrderService/StreamOrders': nothing,
  'PortfolioService/GetPortfolio': ofOwner,
  'PortfolioService/ListRealizedGains': ofOwner,
  'PortfolioService/ListLots': ofOwner,
  'PortfolioService/ListLotSales': ofOwner,
  'PortfolioService/GetLotMethod': ofOwner,
  'PortfolioService/SetLotMethod': () => ({ method: 'LOT_METHOD_LIFO' }),
  'PortfolioService/StreamValuation': nothing,
  'AnalyticsService/GetIndicator': ofSymbol,
  'AnalyticsService/StreamIndicator': ofSymbol,
  'AnalyticsService/GetIndicators': indicatorsOfSymbol,
  'AnalyticsService/StreamIndicators': indicatorsOfSymbol,
  'AnalyticsService/ListMovers': nothing,
  'AnalyticsService/StreamMovers': nothing,
  'AutoService/CreateRule': ({ symbol }) => ({ idempotencyKey: randomUUID(), terms: ruleTerms(symbol) }),
  'AutoService/GetRule': ofRule,
  'AutoService/ListRules': ofOwner,
  'AutoService/SetRuleEnabled': async (scene) => ({ ruleId: await newRule(scene), enabled: false }),
  'AutoService/DeleteRule': ofRule,
  'AutoService/ListRuns': ofRule,
  'NotificationService/ListMessages': nothing,
  'NotificationService/StreamMessages': nothing,
  'NotificationService/MarkMessageRead': async ({ owner }) => ({ messageId: await someMessage(owner) }),
  'NotificationService/GetPreferences': nothing,
  'NotificationService/SetPreferences': nothing,
  'ExchangeAdminService/GetStandbys': nothing,
  'ExchangeAdminService/Handover': async ({ admin }) => {
    const { servingAddress = '' } = await admin.call('ExchangeAdminService/GetStandbys', {});
    return { toAddress: servingAddress };
  },
  'NotificationAdminService/ListDeadLetters': nothing,
  'NotificationAdminService/RedriveDeadLetters': () => ({ deadLetterIds: [noId] }),
  'DeadEventAdminService/ListDeadEvents': nothing,
  'DeadEventAdminService/FindDeadEvents': () => ({ eventId: noId }),
  'DeadEventAdminService/RedriveDeadEvents': () => ({ eventIds: [noId] }),
  'DeadEventAdminService/DropDeadEvents': () => ({ eventIds: [noId], reason: 'a test' }),
  'MailboxService/ListMails': nothing,
  'OperationsService/DescribeServices': nothing,
  'OperationsService/FindSlowCalls': nothing,
  'ApiKeyService/CreateApiKey': newKey,
  'ApiKeyService/ListApiKeys': nothing,
  'ApiKeyService/RevokeApiKey': async ({ owner }) => {
    const { apiKey } = await owner.call('ApiKeyService/CreateApiKey', newKey());
    return { keyId: (apiKey as { keyId: string }).keyId };
  },
  'UserService/ChangePassword': () => ({ currentPassword: testPassword, newPassword: `${testPassword} 2` }),
  'SessionService/ListSessions': nothing,
  'SessionService/RevokeSession': () => ({ sessionId: noId }),
  'SessionService/LogOut': nothing,
  'SessionService/LogOutEverywhere': nothing,
};

let proved: Promise<void> | undefined;

/** Has all that came before proved by the audit: that takes longer, on a busy machine, than the answer to one call may. */
async function prove({ admin }: Scene): Promise<void> {
  for await (const _ of admin.stream('AuditService/RunAudit', {}, AbortSignal.timeout(50_000)));
}

function restingOrder({ owner, symbol }: Scene) {
  return placeOrder(owner, limitTerms('BUY', symbol, '1', '90.00'));
}

function ruleTerms(symbol: string): JsonObject {
  return {
    name: 'far away',
    condition: { symbol, direction: 'PRICE_DIRECTION_AT_OR_ABOVE', price: '100000.00' },
    alert: { note: 'matrix' },
  };
}

async function newRule({ owner, symbol }: Scene): Promise<string> {
  const { rule } = await owner.call('AutoService/CreateRule', {
    idempotencyKey: randomUUID(),
    terms: ruleTerms(symbol),
  });
  return (rule as { ruleId: string }).ruleId;
}

function someMessage(owner: Investor): Promise<string> {
  return eventually(async () => {
    const { messages = [] } = (await owner.call('NotificationService/ListMessages')) as {
      messages?: { messageId: string }[];
    };
    const [message] = messages;
    assert(message, 'the owner has no message');
    return message.messageId;
  });
}
