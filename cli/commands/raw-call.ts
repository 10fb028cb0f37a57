import { type DescMessage, type DescMethodUnary, type DescService, fromJsonString } from '@bufbuild/protobuf';
import { AnalyticsService } from '#gen/outcry/analytics/v1/analytics_pb.ts';
import { AuditService } from '#gen/outcry/audit/v1/audit_pb.ts';
import { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import { ExchangeAdminService } from '#gen/outcry/exchange/v1/admin_pb.ts';
import { OperationsService } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { LedgerAdminService, LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { MailboxService } from '#gen/outcry/mailbox/v1/mailbox_pb.ts';
import { MarketAdminService, MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { DeadEventAdminService } from '#gen/outcry/notification/v1/dead_event_pb.ts';
import { NotificationAdminService, NotificationService } from '#gen/outcry/notification/v1/notification_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { ApiKeyService } from '#gen/outcry/user/v1/api_key_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { UserAdminService, UserService } from '#gen/outcry/user/v1/user_pb.ts';
import type { Command, CommandContext } from '../command/command.ts';
import type { Input } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';

/** The contracts for people. */
export const publicServices: readonly DescService[] = [
  ...[AnalyticsService, ApiKeyService, AuditService, AutoService, DeadEventAdminService, ExchangeAdminService],
  ...[LedgerAdminService, LedgerService, MailboxService, MarketAdminService, MarketService],
  ...[NotificationAdminService, NotificationService, OperationsService, OrderService, PortfolioService],
  ...[SessionService, UserAdminService, UserService],
];

const unaryMethods = publicServices.flatMap(({ methods }) => methods.filter(isUnary));
const choices = unaryMethods.map(nameOf);

const details = `The request is the JSON of its message, {} by default; the answer is printed as JSON.
A call that has an effect takes its key in the request, so give one: a repeat under it is the same call.`;

/** Any RPC for people. */
export const rawCallCommand: Command = {
  name: 'call',
  summary: 'call an RPC with JSON, e.g. call MarketService/ListSnapshots \'{"symbols":["ACME"]}\'',
  details,
  arguments: [
    { name: 'RPC', help: 'Service/Method', choices },
    { name: 'REQUEST', help: 'JSON', count: 'optional' },
  ],
  run: callRpc,
};

async function callRpc({ api, session, print }: CommandContext, input: Input): Promise<undefined> {
  const method = unaryMethods.find((one) => nameOf(one) === input.at(0));
  if (method === undefined) throw new UsageError(`there is no RPC ${input.at(0)}`);
  const request = readRequest(method, input.at(1) || '{}');
  const answer = await api.call(method, request, { isAnonymous: !session.isKnown() });
  print.json(method.output, answer);
}

function readRequest(method: DescMethodUnary<DescMessage, DescMessage>, text: string) {
  try {
    return fromJsonString(method.input, text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function nameOf(method: DescMethodUnary<DescMessage, DescMessage>): string {
  return `${method.parent.name}/${method.name}`;
}

function isUnary(method: DescService['methods'][number]): method is DescMethodUnary<DescMessage, DescMessage> {
  return method.methodKind === 'unary';
}
