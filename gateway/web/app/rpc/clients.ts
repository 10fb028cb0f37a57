/** Clients of the API. Market data needs no session; the others call as the person who is logged in, where somebody is. */
import { createClient } from '@connectrpc/connect';
import type { AnalyticsService } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import type { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import type { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import type { UserService } from '#gen/outcry/user/v1/user_pb.ts';
import { laterClient } from './later-client.ts';
import { openTransport } from './transports.ts';

const readClients = () => import('./clients-read-later.ts');
const readAnalytics = () => import('./analytics-read-later.ts');

/** Reads what these clients need, so that a page which stays open does not need a file that a newer version no longer has. */
export const readAhead = (): Promise<void> =>
  Promise.all([readClients(), readAnalytics()]).then(
    () => {},
    () => {},
  );

export const market = createClient(MarketService, openTransport);
export const analytics = laterClient<typeof AnalyticsService>(async () => (await readAnalytics()).analytics);
export const orders = laterClient<typeof OrderService>(async () => (await readClients()).orders);
export const ledger = laterClient<typeof LedgerService>(async () => (await readClients()).ledger);
export const portfolio = laterClient<typeof PortfolioService>(async () => (await readClients()).portfolio);
export const users = laterClient<typeof UserService>(async () => (await readClients()).users);
