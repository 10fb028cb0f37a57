/** A gateway before fake services: sessions that publish the test's keys, a market with one price, and orders. */

import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createHealthState } from '#platform/rpc/health.ts';
import { type CallContext, implement, type ServiceBinding, startRpcServer } from '#platform/rpc/server.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { openTestApp } from '#platform/testing/service-app.ts';
import { createTestIdentity, type TestIdentity } from '#platform/testing/tokens.ts';
import { timeoutSignal } from '#platform/time/within.ts';
import type { GatewayConfig } from '../config.ts';
import { needs } from '../needs.ts';
import type { OnePortLimits } from '../port/limits.ts';
import { createGateway } from '../server.ts';

/** A running gateway. */
export type TestGateway = AsyncDisposable & {
  url: string;
  port: number;
  identity: TestIdentity;
  /** The calls that reached the fakes, as `Method`, with their context. */
  received: { method: string; context: CallContext; request: unknown }[];
};

/** Handlers by method name in lowerCamelCase; an RPC that is not among them answers an empty message. */
export type Fakes = Record<string, (request: never, context: CallContext) => unknown>;

/** Starts fakes and gateway on free ports and waits until it is ready. */
export async function startTestGateway(
  fakes: Fakes = {},
  config: Partial<GatewayConfig> = {},
  limits: Partial<OnePortLimits> = {},
): Promise<TestGateway> {
  const identity = await createTestIdentity();
  const received: TestGateway['received'] = [];
  const jwks = { getJwks: async () => ({ jwksJson: JSON.stringify(identity.jwks) }) };
  const bindings = [SessionService, MarketService, OrderService].map((service) =>
    fakeBinding(service, { ...jwks, ...fakes }, received),
  );
  const health = createHealthState();
  const upstream = await startRpcServer({
    serviceName: 'fake',
    host: '127.0.0.1',
    port: 0,
    bindings,
    authenticator: identity.authenticator,
    logger: createLogger({ service: 'fake', level: 'silent' }),
    metrics: createMetrics('fake'),
    health,
  });
  health.setReady(true);
  const address = `ipv4:127.0.0.1:${upstream.port}`;
  const addresses = Object.fromEntries(needs.calls.map((callee) => [callee, address]));
  const app = await openTestApp(needs, { addresses });
  const settings: GatewayConfig = {
    callsPerSecondMax: 1_000,
    callsBurstMax: 1_000,
    requestBytesMax: 64 * 1024,
    corsOrigins: ['*'],
    trustForwardedFor: false,
    ...config,
  };
  const gateway = await createGateway(app, settings, limits);
  for await (const serving of app.health.watch('', timeoutSignal(10_000))) if (serving === 'serving') break;
  return {
    url: `http://127.0.0.1:${gateway.port}`,
    port: gateway.port,
    identity,
    received,
    async [Symbol.asyncDispose]() {
      await app.shutdown();
      await upstream.drain(100);
    },
  };
}

function fakeBinding(
  service: typeof SessionService | typeof MarketService | typeof OrderService,
  fakes: Fakes,
  received: TestGateway['received'],
): ServiceBinding {
  const handlers = service.methods.map((method) => {
    const fake = fakes[method.localName] ?? (method.methodKind === 'unary' ? async () => ({}) : async function* () {});
    const handler = (request: never, context: CallContext) => {
      received.push({ method: method.name, context, request });
      return fake(request, context);
    };
    return [method.localName, handler];
  });
  return implement(service as never, Object.fromEntries(handlers) as never);
}
