/** The order service as a process. */
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { createServiceTokenSource } from '#platform/auth/service-token.ts';
import { createBus } from '#platform/bus/create-bus.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { createRpcClient } from '#platform/rpc/client.ts';
import { readOrderConfig } from './config.ts';
import { startOrder } from './server.ts';

await runService({
  name: 'order',
  start: async (app) => {
    const { logger, metrics } = app;
    const config = readOrderConfig(process.env);
    const { serviceTokenSecret, busDatabaseUrl } = config.base;
    const bus = createBus({ busDatabaseUrl, amqpUrl: process.env.AMQP_URL, serviceName: 'order', logger, metrics });
    app.onDispose(bus);
    const shared = { serviceToken: createServiceTokenSource('order', serviceTokenSecret), logger, metrics };
    const clients = {
      exchange: createRpcClient(ExchangeService, { ...shared, address: config.exchangeAddress }),
      exchangeFeed: createRpcClient(ExchangeFeedService, { ...shared, address: config.exchangeAddress }),
      ledger: createRpcClient(LedgerInternalService, { ...shared, address: config.ledgerAddress }),
      market: createRpcClient(MarketService, { ...shared, address: config.marketAddress }),
      user: createRpcClient(UserInternalService, { ...shared, address: config.userAddress }),
    };
    const sessions = createRpcClient(SessionService, { ...shared, address: config.userAddress });
    for (const client of [...Object.values(clients), sessions]) app.onDispose(client);
    const authenticator = createAuthenticator({
      serviceTokenSecret,
      fetchJwks: async () => JSON.parse((await sessions.getJwks({})).jwksJson),
    });
    await startOrder(app, { authenticator, clients, bus, shardCount: config.shardCount, limits: config.limits });
  },
});
