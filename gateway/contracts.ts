/**
 * The services that people may call, derived from the contracts: a proto service is public when its RPCs name roles. A new public
 * RPC needs no code here, a new contract file one line; a test compares the list with the contracts.
 */
import type { DescFile, DescService } from '@bufbuild/protobuf';
import { file_outcry_analytics_v1_analytics } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { file_outcry_audit_v1_audit } from '#gen/outcry/audit/v1/audit_pb.ts';
import { file_outcry_auto_v1_auto } from '#gen/outcry/auto/v1/auto_pb.ts';
import { file_outcry_exchange_v1_admin } from '#gen/outcry/exchange/v1/admin_pb.ts';
import { file_outcry_gateway_v1_operations } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { file_outcry_ledger_v1_ledger } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { file_outcry_mailbox_v1_mailbox } from '#gen/outcry/mailbox/v1/mailbox_pb.ts';
import { file_outcry_market_v1_market } from '#gen/outcry/market/v1/market_pb.ts';
import { file_outcry_notification_v1_dead_event } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { file_outcry_notification_v1_notification } from '#gen/outcry/notification/v1/notification_pb.ts';
import { file_outcry_order_v1_order } from '#gen/outcry/order/v1/order_pb.ts';
import { file_outcry_portfolio_v1_portfolio } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { file_outcry_user_v1_api_key } from '#gen/outcry/user/v1/api_key_pb.ts';
import { file_outcry_user_v1_session } from '#gen/outcry/user/v1/session_pb.ts';
import { file_outcry_user_v1_user } from '#gen/outcry/user/v1/user_pb.ts';
import { accessRule, gatewayService } from '#platform/auth/access.ts';

const files: DescFile[] = [
  file_outcry_analytics_v1_analytics,
  file_outcry_audit_v1_audit,
  file_outcry_auto_v1_auto,
  file_outcry_exchange_v1_admin,
  file_outcry_gateway_v1_operations,
  file_outcry_ledger_v1_ledger,
  file_outcry_mailbox_v1_mailbox,
  file_outcry_market_v1_market,
  file_outcry_notification_v1_dead_event,
  file_outcry_notification_v1_notification,
  file_outcry_order_v1_order,
  file_outcry_portfolio_v1_portfolio,
  file_outcry_user_v1_api_key,
  file_outcry_user_v1_session,
  file_outcry_user_v1_user,
];

/** Every public proto service. */
export const publicServices: DescService[] = files.flatMap((file) => file.services).filter(isPublic);

/** Those that other services answer; the gateway passes their calls on. */
export const forwardedServices: DescService[] = publicServices.filter((service) => ownerOf(service) !== gatewayService);

/** Whether people may call the service: all its RPCs name roles. */
export function isPublic(service: DescService): boolean {
  return service.methods.every((method) => (accessRule(method)?.roles.length ?? 0) > 0);
}

/** The Outcry service that serves a proto service: `outcry.order.v1.OrderService` is served by `order`. */
export function ownerOf(service: DescService): string {
  const owner = service.typeName.split('.')[1];
  if (owner === undefined) throw new TypeError(`${service.typeName} lies in no package of ours`);
  return owner;
}
