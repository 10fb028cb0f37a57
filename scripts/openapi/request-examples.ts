/** The example requests where the contracts alone do not give them. Texts in double braces are variables, as the .http format writes them. */
import { adminEmail, demoPassword, demoUsers } from '../../supervisor/index.ts';

/** One example request. */
export type RequestExample = {
  /** `Service/Method`, without the package. */
  rpc: string;
  /** Names the request, so that later ones can use it and its answer. */
  name?: string;
  /** The variable with the access token; default `token`, the demo user's. */
  token?: 'adminToken' | 'visitorToken';
  /** Fields that take the place of those made from the contract; null leaves one out. */
  body?: Record<string, unknown>;
};

const answerOf = (name: string, path: string) => `{{${name}.response.body.$.${path}}}`;
const [emailOfVisitor, passwordOfVisitor] = ['{{register.request.body.$.email}}', 'seven-quiet-lanterns-41'];
const visitorId = answerOf('register', 'userId');
const rule = { ruleId: answerOf('createRule', 'rule.ruleId') };
const placedOrder = { orderId: answerOf('placeOrder', 'order.orderId') };
const unchanged = { limitPrice: null, stopPrice: null, trailAmount: null, trailPercent: null, expireTime: null };
const newSymbol = 'EXMPL';
const correction = { asset: 'USD', amount: '4.95', reason: 'A fee was taken twice', reference: null, cost: null };
const quarterHour = { startTime: '2026-03-02T14:30:00Z', endTime: '2026-03-02T14:45:00Z', oldestFirst: true };
const marketOrder = { symbol: 'ACME', side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', quantity: '1' };
// At the fifth level of the bids: inside the band, and it rests.
const limitOrder = {
  symbol: 'ACME',
  side: 'SIDE_BUY',
  type: 'ORDER_TYPE_LIMIT',
  timeInForce: 'TIME_IN_FORCE_GTC',
  quantity: '1',
  limitPrice: answerOf('getDepth', 'depth.bids[2].price'),
};

/** The address of the requests. The gateway puts its own in its place. */
export const gatewayAddress = 'http://localhost:8080';

/** The variables with access tokens. */
export const tokenVariables: Readonly<Record<string, string>> = {
  token: answerOf('logIn', 'tokens.accessToken'),
  visitorToken: answerOf('logInVisitor', 'tokens.accessToken'),
  adminToken: answerOf('logInAdmin', 'tokens.accessToken'),
};

/** The variable to fill in before sending: `npm start` prints the password of its administrator. */
export const adminPasswordVariable = 'adminPassword';
const admin = { email: adminEmail, password: `{{${adminPasswordVariable}}}` };
// Bought at the bid, and sold at the ask or by a stop price that follows the market.
const bracketOrders = [
  limitOrder,
  { ...limitOrder, side: 'SIDE_SELL', limitPrice: answerOf('getDepth', 'depth.asks[2].price') },
  {
    symbol: 'ACME',
    side: 'SIDE_SELL',
    type: 'ORDER_TYPE_TRAILING_STOP',
    timeInForce: 'TIME_IN_FORCE_GTC',
    quantity: '1',
    trailPercent: '20',
  },
];

/** Values of fields by name, for all requests. */
export const fieldExamples: Record<string, unknown> = {
  idempotencyKey: '{{$guid}}',
  clientOrderId: '{{$guid}}',
  symbol: 'ACME',
  symbols: ['ACME', 'BOLT'],
  currency: 'USD',
  amount: '100.00',
  quantity: '1',
  interval: 'CANDLE_INTERVAL_1M',
  pageSize: 20,
  fromTime: '2026-01-01T00:00:00Z',
  untilTime: '2036-01-01T00:00:00Z',
  levels: 5,
};

/** The requests on which the others build. */
export const firstExamples: RequestExample[] = [
  { rpc: 'SessionService/LogIn', name: 'logIn', body: { email: demoUsers[0]?.email, password: demoPassword } },
  {
    rpc: 'UserService/Register',
    name: 'register',
    body: { email: 'visitor-{{$guid}}@example.com', password: passwordOfVisitor, displayName: 'A visitor' },
  },
  { rpc: 'SessionService/LogIn', name: 'logInVisitor', body: { email: emailOfVisitor, password: passwordOfVisitor } },
  { rpc: 'SessionService/LogIn', name: 'logInAdmin', body: admin },
  // Of these shares a later request closes the position, which the ledger has settled by then.
  {
    rpc: 'OrderService/PlaceOrders',
    body: {
      orders: [
        { clientOrderId: '{{$guid}}', terms: { ...marketOrder, quantity: '2' } },
        { clientOrderId: '{{$guid}}', terms: { ...marketOrder, symbol: 'BOLT' } },
      ],
    },
  },
];

/** The requests of the other RPCs, streams too, where the contract does not give all of it. */
export const examples: RequestExample[] = [
  { rpc: 'AnalyticsService/GetIndicator', body: { length: 20, pointCount: 100 } },
  { rpc: 'AnalyticsService/GetIndicators', body: { indicators: [{ length: 20 }], rowCount: 100 } },
  { rpc: 'AnalyticsService/StreamIndicators', body: { indicators: [{ length: 20 }], rowCount: 100 } },
  {
    rpc: 'ApiKeyService/CreateApiKey',
    name: 'createApiKey',
    body: { name: 'robot-{{$guid}}', scopes: ['SCOPE_READ', 'SCOPE_TRADE'], expireTime: null },
  },
  { rpc: 'ApiKeyService/RevokeApiKey', body: { keyId: answerOf('createApiKey', 'apiKey.keyId') } },
  {
    rpc: 'AutoService/CreateRule',
    name: 'createRule',
    body: {
      terms: {
        name: 'A share of ACME each weekday',
        schedule: { cron: '30 10 * * 1-5', timeZone: 'Europe/Zurich' },
        order: marketOrder,
      },
    },
  },
  { rpc: 'AutoService/GetRule', body: rule },
  { rpc: 'AutoService/SetRuleEnabled', body: rule },
  { rpc: 'AutoService/DeleteRule', body: rule },
  { rpc: 'AutoService/ListRuns', body: rule },
  { rpc: 'LedgerAdminService/IssueShares', body: { accountId: visitorId } },
  { rpc: 'LedgerAdminService/AdjustAccount', body: { accountId: visitorId, ...correction } },
  { rpc: 'LedgerAdminService/Audit', body: { findingsMax: 20 } },
  { rpc: 'LedgerAdminService/SettlePaymentFindings', body: { findingIds: ['1'], reason: 'paid back by hand' } },
  { rpc: 'LedgerService/Deposit', name: 'deposit' },
  {
    rpc: 'LedgerService/GetTransfer',
    body: { transferId: answerOf('deposit', 'transfer.transferId'), idempotencyKey: null },
  },
  {
    rpc: 'MarketAdminService/CreateInstrument',
    body: {
      instrument: {
        symbol: newSymbol,
        name: 'An example',
        sector: 'Examples',
        tickSize: '0.01',
        lotSize: '1',
        currency: 'USD',
        bandBps: 1_000,
        referencePrice: '100.00',
      },
    },
  },
  // As it goes; another speed, or 0, would change what the requests after it find.
  { rpc: 'MarketAdminService/SetClock', body: { speed: 1 } },
  { rpc: 'MarketAdminService/HaltInstrument', body: { symbol: newSymbol } },
  { rpc: 'MarketAdminService/ResumeInstrument', body: { symbol: newSymbol } },
  { rpc: 'MarketService/ListInstruments', body: { search: 'acme' } },
  { rpc: 'MarketService/ListCandles', body: { ...quarterHour, symbol: null, multiple: 5 } },
  { rpc: 'MarketService/ListTrades', body: { ...quarterHour, symbols: null } },
  { rpc: 'MarketService/ListAuctions', body: { symbols: null, startTime: null, endTime: null } },
  { rpc: 'MarketService/ListPastQuotes', body: { symbols: null, startTime: null, endTime: null } },
  { rpc: 'MarketService/StreamCandles', body: { symbol: null } },
  { rpc: 'MarketService/ChangeStream', body: { streamId: 'stream-0123456789abcdef' } },
  { rpc: 'MarketService/GetDepth', name: 'getDepth' },
  {
    rpc: 'NotificationAdminService/RedriveDeadLetters',
    body: { deadLetterIds: ['01900000-0000-7000-8000-000000000000'] },
  },
  {
    rpc: 'DeadEventAdminService/RedriveDeadEvents',
    body: { queue: 'order.conditions', all: true },
  },
  {
    rpc: 'DeadEventAdminService/DropDeadEvents',
    body: { eventIds: ['01900000-0000-7000-8000-000000000000'], reason: 'handled by hand' },
  },
  { rpc: 'NotificationService/ListMessages', name: 'listMessages' },
  {
    rpc: 'NotificationService/MarkMessageRead',
    body: { messageId: answerOf('listMessages', 'messages[0].messageId') },
  },
  {
    rpc: 'NotificationService/SetPreferences',
    body: { preferences: [{ kind: 'MESSAGE_KIND_FILL', email: true, inApp: true }] },
  },
  { rpc: 'OrderService/PlaceOrder', name: 'placeOrder', body: { terms: limitOrder } },
  { rpc: 'OrderService/PreviewOrder', body: { terms: marketOrder } },
  {
    rpc: 'OrderService/ReplaceOrder',
    body: { ...placedOrder, quantity: '2', ...unchanged },
  },
  { rpc: 'OrderService/KeepSessionAlive', body: { sessionId: 'example', ttl: '30s' } },
  {
    rpc: 'OrderService/PlaceOrderList',
    name: 'placeOrderList',
    body: {
      clientListId: '{{$guid}}',
      type: 'LIST_TYPE_BRACKET',
      orders: bracketOrders.map((terms) => ({ clientOrderId: '{{$guid}}', terms })),
    },
  },
  { rpc: 'OrderService/PreviewOrderList', body: { type: 'LIST_TYPE_BRACKET', orders: bracketOrders } },
  { rpc: 'OrderService/GetOrderList', body: { listId: answerOf('placeOrderList', 'listId'), clientListId: null } },
  { rpc: 'OrderService/CancelOrder', body: placedOrder },
  { rpc: 'OrderService/CancelOrders', body: { orderIds: [placedOrder.orderId] } },
  { rpc: 'OrderService/ChangeOrders', body: { changes: [{ symbol: 'ACME', cancels: [placedOrder], placings: [] }] } },
  { rpc: 'OrderService/ListOrders', body: { symbol: null, statuses: ['ORDER_STATUS_OPEN', 'ORDER_STATUS_FILLED'] } },
  { rpc: 'OrderService/GetOrder', body: { ...placedOrder, clientOrderId: null } },
  {
    rpc: 'UserAdminService/EnsureUser',
    body: { email: emailOfVisitor, password: passwordOfVisitor, displayName: 'Visitor' },
  },
  { rpc: 'UserAdminService/GetUser', body: { userId: visitorId } },
  {
    rpc: 'UserAdminService/SetAccountState',
    body: { userId: visitorId, state: 'ACCOUNT_STATE_ACTIVE', note: 'nothing against it' },
  },
  {
    rpc: 'UserAdminService/SetConditions',
    body: {
      userId: visitorId,
      conditions: {
        feePlan: { name: 'example', makerBps: 5, takerBps: 10 },
        orderNotionalMax: '100000.00',
        openNotionalMax: '500000.00',
        openOrdersMax: 100,
        ordersPerSecondMax: 10,
        positionQuantityMax: '',
        marketOrdersPermitted: true,
        transferAmountMax: '',
      },
    },
  },
  { rpc: 'UserAdminService/SetRoles', body: { userId: visitorId, roles: ['ROLE_USER'] } },
  { rpc: 'UserService/UpdateProfile', body: { displayName: 'Alice' } },
  {
    rpc: 'UserService/ChangePassword',
    token: 'visitorToken',
    body: { currentPassword: passwordOfVisitor, newPassword: 'eleven-louder-lanterns-52' },
  },
];

/** The requests that end sessions. */
export const lastExamples: RequestExample[] = [
  { rpc: 'SessionService/RefreshSession', body: { refreshToken: answerOf('logIn', 'tokens.refreshToken') } },
  { rpc: 'SessionService/ListSessions', name: 'listSessions' },
  { rpc: 'SessionService/RevokeSession', body: { sessionId: answerOf('listSessions', 'sessions[0].sessionId') } },
  { rpc: 'SessionService/LogOut' },
  { rpc: 'SessionService/LogOutEverywhere', token: 'visitorToken' },
];
