/** A gateway before fake services. */
import { openTestApp } from '#platform/testing/service-app.ts';
import type { TestIdentity } from '#platform/testing/tokens.ts';
import { timeoutSignal } from '#platform/time/within.ts';
import type { GatewayConfig } from '../config.ts';
import { needs } from '../needs.ts';
import type { OnePortLimits } from '../port/limits.ts';
import { createGateway, type GatewayOverrides } from '../server.ts';
import { type Fakes, type ReceivedCall, startTestUpstream } from './start-test-upstream.ts';

export type { Fakes } from './start-test-upstream.ts';

/** A running gateway. */
export type OpenGateway = AsyncDisposable & { url: string; port: number };

/** A running gateway with the fakes behind it. */
export type TestGateway = OpenGateway & {
  identity: TestIdentity;
  /** The calls that reached the fakes, as `Method`, with their context. */
  received: ReceivedCall[];
};

/** Starts fakes and gateway on free ports and waits until it is ready. */
export async function startTestGateway(
  fakes: Fakes = {},
  config: Partial<GatewayConfig> = {},
  limits: Partial<OnePortLimits> = {},
  overrides: GatewayOverrides = {},
): Promise<TestGateway> {
  const upstream = await startTestUpstream(fakes);
  const gateway = await openTestGateway(upstream.address, config, { limits, ...overrides });
  const { url, port } = gateway;
  return {
    url,
    port,
    identity: upstream.identity,
    received: upstream.received,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

/** Starts a gateway before services that run at the address, a gRPC target, and waits until it is ready; `addresses` of some replace it. */
export async function openTestGateway(
  address: string,
  config: Partial<GatewayConfig> = {},
  { addresses: others = {}, ...overrides }: GatewayOverrides & { addresses?: Record<string, string> } = {},
): Promise<OpenGateway> {
  const addresses = { ...Object.fromEntries(needs.calls.map((callee) => [callee, address])), ...others };
  const app = await openTestApp(needs, { addresses });
  const settings: GatewayConfig = {
    callsPerSecondMax: 1_000,
    callsBurstMax: 1_000,
    requestBytesMax: 64 * 1024,
    corsOrigins: ['*'],
    trustForwardedFor: false,
    sharesStreams: true,
    streamAgeMaxMs: 900_000,
    ...config,
  };
  // Most tests look at no page: the web app is not built for them.
  const gateway = await createGateway(app, settings, { app: new Map(), ...overrides });
  for await (const serving of app.health.watch('', timeoutSignal(10_000))) if (serving === 'serving') break;
  return {
    url: `http://127.0.0.1:${gateway.port}`,
    port: gateway.port,
    async [Symbol.asyncDispose]() {
      await app.shutdown();
    },
  };
}
