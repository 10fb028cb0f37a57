/** The browser edge: every public RPC by Connect, gRPC-web, gRPC and plain JSON on one port, and the first page. */
import type { DescService } from '@bufbuild/protobuf';
import type { ConnectRouter, HandlerContext } from '@connectrpc/connect';
import { Health } from '#gen/health/v1/health_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import { createAuthenticator } from '#platform/auth/authenticator.ts';
import { createClientFactory } from '#platform/lifecycle/open-clients.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { healthService } from '#platform/rpc/health-service.ts';
import { reflectionServices } from '#platform/rpc/reflection.ts';
import { admitInTime, createGate, type Gate } from './admission/admit.ts';
import { createRateLimiter } from './admission/rate-limit.ts';
import type { GatewayConfig } from './config.ts';
import { ownerOf, publicServices } from './contracts.ts';
import { checkQuery } from './edge/callers-faults.ts';
import { withCors } from './edge/cors.ts';
import { createRpcHandler } from './edge/rpc-handler.ts';
import { serveBinding } from './edge/serve-binding.ts';
import { type AnyClient, forwardService } from './forward/forward-call.ts';
import { loadPages } from './pages/load-pages.ts';
import { createPageHandler } from './pages/page-handler.ts';
import { listenOnePort, type OnePortServer } from './port/one-port-server.ts';
import { watchUpstream } from './probe/upstream-health.ts';

const responseBytesMax = 8 * 1024 * 1024;
const admitAll: Gate = async () => {};

/** Starts the gateway inside `app`; it is ready once the user service, which verifies tokens, serves. */
export async function createGateway(app: ServiceApp, config: GatewayConfig): Promise<OnePortServer> {
  const { serviceTokenSecret, host, port } = app.config;
  const clientAt = createClientFactory(app);
  const clientOf = <S extends DescService>(service: S, owner: string) =>
    clientAt(service, config.addresses[owner] ?? '');
  const sessions = clientOf(SessionService, 'user');
  const fetchJwks = async () => (await sessions.getJwks({})).jwksJson;
  const gate = createGate({
    authenticator: createAuthenticator({
      serviceTokenSecret,
      fetchJwks: async () => JSON.parse(await fetchJwks()),
    }),
    rateLimiter: createRateLimiter({ ratePerSecond: config.callsPerSecondMax, burst: config.callsBurstMax }),
  });
  const own = [healthService(app.health), ...reflectionServices([...publicServices, Health])];
  const ownServices = new Set(own.map(({ service }) => service.typeName));

  const handler = createRpcHandler({
    logger: app.logger,
    trustForwardedFor: config.trustForwardedFor,
    fallback: createPageHandler({ pages: await loadPages(), fetchJwks }),
    router: {
      readMaxBytes: config.requestBytesMax,
      writeMaxBytes: responseBytesMax,
      // A misspelt field of an order would otherwise be dropped in silence.
      jsonOptions: { ignoreUnknownFields: false },
      requestGate: async (context: HandlerContext) => {
        await admitInTime(ownServices.has(context.service.typeName) ? admitAll : gate, context);
        checkQuery(context);
      },
    },
    routes: (router: ConnectRouter) => {
      for (const service of publicServices) {
        const client = clientOf(service, ownerOf(service)) as unknown as AnyClient;
        router.service(service, forwardService(service, client, app.signal) as never);
      }
      for (const binding of own) serveBinding(router, binding, app.logger);
    },
  });

  const server = await listenOnePort({ host, port, handler: withCors(config.corsOrigins, handler) });
  app.onDispose(server);
  app.onDrain((graceMs) => server.drain(graceMs));
  app.logger.info({ host, port: server.port }, 'listening');
  watchUpstreams(app, (owner) => clientOf(Health, owner));
  return server;
}

function watchUpstreams(app: ServiceApp, healthClientOf: (owner: string) => RpcClient<typeof Health>) {
  const owners = Map.groupBy(publicServices, ownerOf);
  let ready = false;
  for (const [owner, services] of owners) {
    void watchUpstream({
      client: healthClientOf(owner),
      services,
      health: app.health,
      signal: app.signal,
      onServing: () => {
        if (owner !== 'user' || ready) return;
        ready = true;
        app.ready();
      },
    });
  }
}
