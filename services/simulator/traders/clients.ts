/** The services that the simulator calls: orders, prices and balances by their public contracts, like anyone. */
import type { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import type { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import type { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';

/** The RPCs that a simulator calls. */
export type SimulatorClients = {
  users: Pick<RpcClient<typeof UserInternalService>, 'ensureHouseAccount'>;
  ledger: Pick<RpcClient<typeof LedgerInternalService>, 'fundHouseAccount'>;
  balances: Pick<RpcClient<typeof LedgerService>, 'getBalances'>;
  market: Pick<RpcClient<typeof MarketService>, 'listInstruments' | 'listQuotes'>;
  orders: Pick<RpcClient<typeof OrderService>, 'placeOrder' | 'cancelOrder' | 'cancelAllOrders' | 'streamOrders'>;
};
