/** Clients of the API. Market data needs no session; the others call as the person who is logged in, where somebody is. */
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { AnalyticsService } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { UserService } from '#gen/outcry/user/v1/user_pb.ts';
import { failureOf } from './failure.ts';
import { accessToken, endRefusedSession, isLoggedIn, renewedToken } from './session.ts';

const callTimeoutMs = 15_000;

// An expired token is renewed once, before the call is given up; a session that the server refuses ends here too.
const withToken: Interceptor = (next) => async (request) => {
  if (!isLoggedIn.peek()) return next(request);
  const token = await accessToken();
  request.header.set('authorization', `Bearer ${token}`);
  try {
    return await next(request);
  } catch (error) {
    const { reason } = failureOf(error);
    if (reason !== 'TOKEN_EXPIRED') {
      if (ConnectError.from(error).code === Code.Unauthenticated) endRefusedSession();
      throw error;
    }
    request.header.set('authorization', `Bearer ${await renewedToken(token)}`);
    return next(request);
  }
};

// A stream has no time limit; a call has one.
const withTimeout: Interceptor = (next) => (request) => {
  if (request.stream) return next(request);
  return next({ ...request, signal: AbortSignal.any([request.signal, AbortSignal.timeout(callTimeoutMs)]) });
};

const common = { baseUrl: location.origin, useBinaryFormat: true };

/** The transport of calls without a session. */
export const openTransport = createConnectTransport({ ...common, interceptors: [withTimeout] });

/** The transport of calls as the person who is logged in; screens make their clients from it. */
export const userTransport = createConnectTransport({ ...common, interceptors: [withTimeout, withToken] });

export const market = createClient(MarketService, openTransport);
export const analytics = createClient(AnalyticsService, openTransport);
export const orders = createClient(OrderService, userTransport);
export const ledger = createClient(LedgerService, userTransport);
export const portfolio = createClient(PortfolioService, userTransport);
export const users = createClient(UserService, userTransport);
