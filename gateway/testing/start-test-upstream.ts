/** Fake services behind a gateway: sessions that publish the test's keys, a market, balances, and orders, one by one or in groups. */
import { create, type DescService } from '@bufbuild/protobuf';
import { LedgerInternalService } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { LedgerService } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import {
  OrderInternalService,
  type PlaceOrdersItem,
  type PlaceOrdersRequest,
} from '#gen/outcry/order/v1/internal_pb.ts';
import { OrderService, PlaceOrderRequestSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { PortfolioService } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { ProcessService } from '#gen/outcry/process/v1/process_pb.ts';
import { UserInternalService } from '#gen/outcry/user/v1/internal_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { toStatus } from '#platform/errors/details.ts';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { gatherReady } from '#platform/rpc/gather-ready.ts';
import { createHealthState } from '#platform/rpc/health.ts';
import { type CallContext, implement, type ServiceBinding, startRpcServer } from '#platform/rpc/server.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';

/** Handlers by method name in lowerCamelCase; an RPC that is not among them answers an empty message. */
export type Fakes = Record<string, (request: never, context: CallContext) => unknown>;

/** A call that reached a fake; an order of a group counts as a call of PlaceOrder. */
export type ReceivedCall = { method: string; context: CallContext; request: unknown };

/** The running fakes. */
export type TestUpstream = AsyncDisposable & {
  /** The gRPC target of all of them. */
  address: string;
  identity: TestIdentity;
  received: ReceivedCall[];
  /** Groups of orders so far, by their sizes. */
  groups: number[];
};

type Seen = Pick<TestUpstream, 'received' | 'groups'>;

const services = [
  SessionService,
  UserInternalService,
  MarketService,
  LedgerService,
  LedgerInternalService,
  PortfolioService,
  OrderService,
  ProcessService,
];

/** Starts the fakes on a free port. `hasGroups` false: orders are of a release that takes no groups. */
export async function startTestUpstream(fakes: Fakes = {}, { hasGroups = true } = {}): Promise<TestUpstream> {
  const identity = await createTestIdentity();
  const seen: Seen = { received: [], groups: [] };
  const all = { getJwks: async () => ({ jwksJson: JSON.stringify(identity.jwks) }), ...fakes };
  const health = createHealthState();
  const server = await startRpcServer({
    serviceName: 'fake',
    host: '127.0.0.1',
    port: 0,
    bindings: [
      ...services.map((service) => fakeBinding(service, all, seen)),
      ...(hasGroups ? [groupBinding(all, seen)] : []),
    ],
    authenticator: identity.authenticator,
    logger: createLogger({ service: 'fake', level: 'silent' }),
    metrics: createMetrics('fake'),
    health,
  });
  health.setReady(true);
  return {
    address: `ipv4:127.0.0.1:${server.port}`,
    identity,
    ...seen,
    [Symbol.asyncDispose]: () => server.drain(100),
  };
}

function fakeBinding(service: DescService, fakes: Fakes, { received }: Seen): ServiceBinding {
  const handlers = service.methods.map((method) => {
    const fake = fakes[method.localName] ?? (method.methodKind === 'unary' ? async () => ({}) : async function* () {});
    const handler = (request: never, context: CallContext) => {
      received.push({ method: method.name, context, request });
      return fake(request, context);
    };
    return [method.localName, handler];
  });
  return implement(service, Object.fromEntries(handlers) as never);
}

function groupBinding(fakes: Fakes, seen: Seen): ServiceBinding {
  async function* placeOrders({ items }: PlaceOrdersRequest, context: CallContext) {
    seen.groups.push(items.length);
    const work = items.map((item, index) => placeItem(fakes, seen, { item, index, context }));
    for await (const results of gatherReady(work)) yield { results };
  }
  const handlers = { placeOrders, placeOrderFor: async () => ({}), async *streamOpenAt() {} };
  return implement(OrderInternalService, handlers as never);
}

type GroupItem = { item: PlaceOrdersItem; index: number; context: CallContext };

async function placeItem(fakes: Fakes, { received }: Seen, { item, index, context }: GroupItem) {
  try {
    if (item.remainingMs === 0) throw deadlineExceeded();
    const method = OrderService.method.placeOrder;
    const caller = (await context.admitItem?.(method, item.userToken)) ?? {};
    const { signal, logger } = context;
    const deadlineTimeMs = Date.now() + item.remainingMs;
    const itemContext: CallContext = { caller, signal, logger, method, deadlineTimeMs, requestId: item.requestId };
    const request = item.order ?? create(PlaceOrderRequestSchema);
    received.push({ method: method.name, context: itemContext, request });
    const value = (await fakes.placeOrder?.(request as never, itemContext)) ?? {};
    return { index, outcome: { case: 'response', value } };
  } catch (error) {
    return { index, outcome: { case: 'refusal', value: toStatus(error) } };
  }
}
