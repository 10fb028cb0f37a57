import { ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { ExchangeFeedService } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { MarketInternalService } from '#gen/outcry/market/v1/internal_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { ClientFactory } from '#platform/lifecycle/open-resources.ts';
import type { RpcClient } from '#platform/rpc/client.ts';

/** The calls that this service makes, and no others. */
export type Clients = {
  exchange: Pick<
    RpcClient<typeof ExchangeService>,
    'submit' | 'submitList' | 'previewSubmit' | 'cancel' | 'replace' | 'void' | 'keepAlive' | 'getShard' | 'readTrails'
  >;
  exchangeFeed: Pick<RpcClient<typeof ExchangeFeedService>, 'follow' | 'confirm'>;
  ledger: Pick<
    RpcClient<typeof LedgerInternalService>,
    'placeHolds' | 'previewHold' | 'amendHolds' | 'getShares' | 'releaseHolds'
  >;
  market: Pick<RpcClient<typeof MarketInternalService>, 'followPrices' | 'getTerms'>;
  user: Pick<RpcClient<typeof UserInternalService>, 'batchGetConditions'>;
};

/** Opens the clients; they close with the app. */
export function openClients(clientOf: ClientFactory): Clients {
  return {
    exchange: clientOf(ExchangeService),
    exchangeFeed: clientOf(ExchangeFeedService),
    ledger: clientOf(LedgerInternalService),
    market: clientOf(MarketInternalService),
    user: clientOf(UserInternalService),
  };
}
