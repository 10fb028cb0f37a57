/** The clients of a person, which `clients.ts` reads at their first call. */
import { createClient } from '@connectrpc/connect';
import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { UserService } from '#gen/outcry/user/v1/user_pb.ts';
import { userTransport } from './transports.ts';

export const orders = createClient(OrderService, userTransport);
export const ledger = createClient(LedgerService, userTransport);
export const portfolio = createClient(PortfolioService, userTransport);
export const users = createClient(UserService, userTransport);
