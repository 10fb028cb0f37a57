/** A case for every RPC that lists rows page by page; the test of pages fails for an RPC that is missing here. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { limitTerms, testPassword } from './investor.ts';
import {
  deposit,
  growTo,
  key,
  listOf,
  rest,
  times,
  trade,
  type WalkedList,
  type WalkScene,
  withdraw,
} from './walk-scene.ts';
import { trades, walkedMarketLists } from './walked-market-lists.ts';

let ruleId = '';
const makeRule = async ({ owner, symbol }: WalkScene, schedule?: string) => {
  const condition = { symbol, direction: 'PRICE_DIRECTION_AT_OR_ABOVE', price: '100000.00' };
  const terms: JsonObject =
    schedule === undefined
      ? { name: 'walked', condition, alert: { note: 'walked' } }
      : {
          name: 'walked',
          schedule: { cron: schedule, timeZone: 'Etc/UTC' },
          order: limitTerms('BUY', symbol, '1', '85.00'),
        };
  const { rule } = await owner.call('AutoService/CreateRule', { idempotencyKey: key(), terms });
  return (rule as { ruleId: string }).ruleId;
};
const runsOf = ({ owner }: WalkScene) => listOf({ owner } as WalkScene, 'AutoService/ListRuns', 'runs', { ruleId });

/** A pass of the audit, to its end. */
const verdict = async ({ admin }: WalkScene) => {
  for await (const _ of admin.stream('AuditService/RunAudit', {}, AbortSignal.timeout(60_000)));
};
const apiKey = ({ owner }: WalkScene) =>
  owner.call('ApiKeyService/CreateApiKey', { idempotencyKey: key(), name: key(), scopes: ['SCOPE_READ'] });

const logInAgain = ({ client, owner: { email, password } }: WalkScene) =>
  client.call('SessionService/LogIn', { email, password });

/** The cases, by the names of their RPCs. */
export const walkedLists: Record<string, WalkedList> = {
  'order.v1.OrderService/ListOrders': {
    rows: 'orders',
    id: 'orderId',
    promise: 'at least once',
    make: (scene) => times(8, () => rest(scene)),
    async change(scene, step) {
      const open = await listOf(scene, 'OrderService/ListOrders', 'orders', { openOnly: true });
      // The last of the list leaves it for its head; another one comes and trades.
      const last = open.at(-1 - (step % 2));
      if (last !== undefined) await scene.owner.call('OrderService/CancelOrder', { orderId: last.orderId as string });
      await trade(scene, 'BUY');
    },
  },
  'order.v1.OrderService/ListFills': { rows: 'fills', id: 'tradeId', promise: 'once', ...trades },
  'ledger.v1.LedgerService/ListHolds': {
    rows: 'holds',
    id: 'orderId',
    promise: 'once',
    make: (scene) => times(6, () => rest(scene)),
    async change(scene, step) {
      const holds = await listOf(scene, 'LedgerService/ListHolds', 'holds');
      const one = holds[step % holds.length];
      if (one !== undefined) await scene.owner.call('OrderService/CancelOrder', { orderId: one.orderId as string });
      await rest(scene);
    },
  },
  'ledger.v1.LedgerService/ListStatement': {
    rows: 'entries',
    id: 'sequence kind asset',
    promise: 'once',
    make: (scene) => times(6, () => deposit(scene)),
    change: (scene, step) => (step % 2 === 0 ? deposit(scene) : withdraw(scene)),
  },
  'ledger.v1.LedgerService/ListTransfers': {
    rows: 'transfers',
    id: 'transferId',
    promise: 'once',
    make: (scene) => times(6, () => deposit(scene)),
    change: (scene, step) => (step % 2 === 0 ? deposit(scene) : withdraw(scene)),
  },
  'portfolio.v1.PortfolioService/ListRealizedGains': {
    rows: 'gains',
    id: 'tradeId',
    promise: 'once',
    async make(scene) {
      await times(6, () => trade(scene, 'SELL'));
      await growTo(scene, 6, 'PortfolioService/ListRealizedGains', 'gains');
    },
    change: (scene) => trade(scene, 'SELL'),
  },
  'portfolio.v1.PortfolioService/ListLots': {
    rows: 'lots',
    id: 'symbol lotId',
    promise: 'once',
    async make(scene) {
      await times(6, () => trade(scene, 'BUY'));
      await growTo(scene, 6, 'PortfolioService/ListLots', 'lots');
    },
    change: (scene) => trade(scene, 'BUY'),
  },
  'portfolio.v1.PortfolioService/ListLotSales': {
    rows: 'sales',
    id: 'tradeId lotId',
    promise: 'once',
    async make(scene) {
      await times(6, () => trade(scene, 'SELL'));
      await growTo(scene, 6, 'PortfolioService/ListLotSales', 'sales');
    },
    change: (scene) => trade(scene, 'SELL'),
  },
  'auto.v1.AutoService/ListRules': {
    rows: 'rules',
    id: 'ruleId',
    promise: 'once',
    make: (scene) => times(6, () => makeRule(scene)),
    async change(scene, step) {
      const rules = await listOf(scene, 'AutoService/ListRules', 'rules');
      const one = rules[step % rules.length];
      if (one !== undefined) await scene.owner.call('AutoService/DeleteRule', { ruleId: one.ruleId as string });
      await makeRule(scene);
    },
  },
  'auto.v1.AutoService/ListRuns': {
    rows: 'runs',
    id: 'runId',
    promise: 'once',
    request: () => ({ ruleId }),
    async make(scene) {
      ruleId = await makeRule(scene, '*/5 * * * * *');
      await eventually(async () => expect((await runsOf(scene)).length).toBeGreaterThan(2), { timeoutMs: 60_000 });
    },
    async change(scene) {
      const { length } = await runsOf(scene);
      const isMore = async () => expect((await runsOf(scene)).length).toBeGreaterThan(length);
      await eventually(isMore, { timeoutMs: 40_000 });
    },
  },
  'notification.v1.NotificationService/ListMessages': {
    rows: 'messages',
    id: 'messageId',
    promise: 'once',
    async make(scene) {
      await times(5, () => deposit(scene));
      await growTo(scene, 5, 'NotificationService/ListMessages', 'messages');
    },
    async change(scene) {
      await deposit(scene);
      const [message] = await listOf(scene, 'NotificationService/ListMessages', 'messages', { unreadOnly: true });
      const { messageId } = (message ?? {}) as { messageId?: string };
      if (messageId !== undefined) await scene.owner.call('NotificationService/MarkMessageRead', { messageId });
    },
  },
  'mailbox.v1.MailboxService/ListMails': {
    rows: 'mails',
    id: 'mailId',
    promise: 'once',
    async make(scene) {
      await times(5, () => deposit(scene));
      await growTo(scene, 5, 'MailboxService/ListMails', 'mails');
    },
    async change(scene) {
      // There may be more of them than fit on a page.
      const newest = async () => (await listOf(scene, 'MailboxService/ListMails', 'mails', { pageSize: 1 }))[0]?.mailId;
      const before = await newest();
      await deposit(scene);
      await eventually(async () => expect(await newest()).not.toBe(before));
    },
  },
  'user.v1.UserAdminService/ListUsers': {
    as: 'admin',
    rows: 'users',
    id: 'userId',
    promise: 'once',
    make: async () => {},
    change: ({ client }) =>
      client.call('UserService/Register', {
        idempotencyKey: key(),
        email: `walked-${randomUUID()}@example.com`,
        password: testPassword,
        displayName: 'Walked',
      }),
  },
  'user.v1.ApiKeyService/ListApiKeys': {
    rows: 'apiKeys',
    id: 'keyId',
    promise: 'once',
    make: (scene) => times(6, () => apiKey(scene)),
    async change(scene, step) {
      await apiKey(scene);
      const keys = await listOf(scene, 'ApiKeyService/ListApiKeys', 'apiKeys');
      const one = keys[step];
      if (one !== undefined) await scene.owner.call('ApiKeyService/RevokeApiKey', { keyId: one.keyId as string });
    },
  },
  'user.v1.SessionService/ListSessions': {
    rows: 'sessions',
    id: 'sessionId',
    promise: 'once',
    make: (scene) => times(6, () => logInAgain(scene)),
    async change(scene, step) {
      await logInAgain(scene);
      const sessions = await listOf(scene, 'SessionService/ListSessions', 'sessions');
      const one = sessions.filter(({ current }) => current !== true)[step];
      if (one !== undefined)
        await scene.owner.call('SessionService/RevokeSession', { sessionId: one.sessionId as string });
    },
  },
  'audit.v1.AuditService/ListVerdicts': {
    as: 'admin',
    rows: 'verdicts',
    id: 'verdictId',
    promise: 'once',
    make: (scene) => times(4, () => verdict(scene)),
    change: verdict,
  },
  ...walkedMarketLists,
};

/** Lists whose rows cannot be made from outside, by the test that walks them: each names the RPC. */
export const walkedElsewhere: Record<string, string> = {
  'analytics.v1.AnalyticsService/ListMovers': 'services/analytics/domain/movers.test.ts',
  'exchange.v1.ExchangeFeedService/GetOrderQueue': 'services/exchange/verification/scenarios/order-types.test.ts',
  'ledger.v1.LedgerAdminService/ListAdjustments': 'services/ledger/rpc/adjust-account.test.ts',
  'ledger.v1.LedgerAdminService/ListPaymentFindings': 'services/ledger/rpc/list-transfers.test.ts',
  'ledger.v1.LedgerAdminService/ListStuckTransfers': 'services/ledger/rpc/list-transfers.test.ts',
  'notification.v1.DeadEventAdminService/ListDeadEvents': 'services/notification/rpc/dead-events.test.ts',
  'notification.v1.NotificationAdminService/ListDeadLetters': 'services/notification/jobs/deliveries.test.ts',
};
