/** The services that the simulator calls: orders, prices and balances by their public contracts, like anyone. */
import type { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import type { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import type { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import type { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import type { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';

/** The clients of a simulator. */
export type SimulatorClients = {
  users: RpcClient<typeof UserInternalService>;
  ledger: RpcClient<typeof LedgerInternalService>;
  balances: RpcClient<typeof LedgerService>;
  market: RpcClient<typeof MarketService>;
  orders: RpcClient<typeof OrderService>;
};
