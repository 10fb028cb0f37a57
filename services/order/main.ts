/** The order service as a process. */
import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { openBus } from '#platform/lifecycle/open-bus.ts';
import { createClientFactory, createUserAuthenticator } from '#platform/lifecycle/open-clients.ts';
import { runService } from '#platform/lifecycle/run-service.ts';
import { readOrderConfig } from './config.ts';
import { createOrderService } from './server.ts';

await runService({
  needs: { name: 'order', calls: [] },
  requires: ['database', 'bus'],
  readConfig: readOrderConfig,
  start: (app, config) => {
    const clientOf = createClientFactory(app);
    const clients = {
      exchange: clientOf(ExchangeService, config.exchangeAddress),
      exchangeFeed: clientOf(ExchangeFeedService, config.exchangeAddress),
      ledger: clientOf(LedgerInternalService, config.ledgerAddress),
      market: clientOf(MarketService, config.marketAddress),
      user: clientOf(UserInternalService, config.userAddress),
    };
    const { shards, limits } = config;
    const authenticator = createUserAuthenticator(app, config.userAddress);
    return createOrderService(app, { authenticator, clients, bus: openBus(app), shards, limits });
  },
});
