/** A ServiceApp inside a test process. */
import type { BaseConfig } from '#platform/config/base.ts';
import { type AppOf, openResources, type ResourceOverrides } from '#platform/lifecycle/open-resources.ts';
import { createServiceApp, type OwnedApp } from '#platform/lifecycle/service-app.ts';
import type { ServiceNeeds } from '#platform/lifecycle/service-needs.ts';
import { createLogger } from '#platform/telemetry/logger.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { testServiceKeys } from './service-keys.ts';
import { testServiceSecret } from './tokens.ts';

/** An app that ends with `await using` or `shutdown()`. */
export type TestApp = OwnedApp & AsyncDisposable;

/** Listens on free loopback ports, logs nothing unless `logLevel` is given, has addresses as given: `{ addresses: { order: target } }`. */
export function createTestApp(
  name: string,
  overrides: Partial<BaseConfig> & { addresses?: Record<string, string> } = {},
): TestApp {
  const { addresses = {}, ...given } = overrides;
  const config: BaseConfig = {
    service: name,
    host: '127.0.0.1',
    port: 0,
    adminPort: 0,
    logLevel: 'silent',
    tracing: undefined,
    databaseUrl: '',
    busDatabaseUrl: '',
    amqpUrl: '',
    databasePoolMax: 4,
    replica: '',
    release: '',
    niceness: 0,
    clockFile: '',
    roleFile: '',
    streamAgeMaxMs: 1_800_000,
    migratesOnly: false,
    migratesAtStart: true,
    serviceKeys: testServiceKeys(name),
    serviceSecret: testServiceSecret,
    addressOf(service) {
      const address = addresses[service];
      if (address === undefined) throw new Error(`the test gives no address for ${service}`);
      return address;
    },
    ...given,
  };
  const logger = createLogger({ service: name, level: config.logLevel });
  const app = createServiceApp({ config, logger, metrics: createMetrics(name) });
  return Object.assign(app, {
    async [Symbol.asyncDispose]() {
      await app.shutdown();
    },
  });
}

/** What a test app is opened with: databases, addresses of the callees, and who may call. */
export type TestAppOptions = ResourceOverrides & Parameters<typeof createTestApp>[1];

/** A test app with the resources that the service's declaration names. */
export async function openTestApp<const N extends ServiceNeeds>(
  needs: N,
  { authenticator, ...overrides }: TestAppOptions = {},
): Promise<TestApp & AppOf<N>> {
  const app = createTestApp(needs.name, overrides);
  return (await openResources(app, needs, { authenticator })) as TestApp & AppOf<N>;
}
