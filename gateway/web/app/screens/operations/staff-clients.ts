/** Clients of the calls of staff. */
import { createClient } from '@connectrpc/connect';
import { Health } from '#gen/health/v1/health_pb.ts';
import { AuditService } from '#gen/outcry/audit/v1/audit_pb.ts';
import { ExchangeAdminService } from '#gen/outcry/exchange/v1/admin_pb.ts';
import { OperationsService } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { LedgerAdminService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { MarketAdminService } from '#gen/outcry/market/v1/market_pb.ts';
import { DeadEventAdminService } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { NotificationAdminService } from '#gen/outcry/notification/v1/notification_pb.ts';
import { UserAdminService } from '#gen/outcry/user/v1/user_pb.ts';
import { openTransport, userTransport } from '../../rpc/transports.ts';

export const health = createClient(Health, openTransport);
export const audit = createClient(AuditService, userTransport);
export const exchangeAdmin = createClient(ExchangeAdminService, userTransport);
export const operations = createClient(OperationsService, userTransport);
export const ledgerAdmin = createClient(LedgerAdminService, userTransport);
export const marketAdmin = createClient(MarketAdminService, userTransport);
export const deadEvents = createClient(DeadEventAdminService, userTransport);
export const deadLetters = createClient(NotificationAdminService, userTransport);
export const userAdmin = createClient(UserAdminService, userTransport);
