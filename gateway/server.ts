/** The browser edge: every public RPC by Connect, gRPC-web, gRPC and plain JSON on one port, and the first page. */
import type { ConnectRouter, HandlerContext } from '@connectrpc/connect';
import { Health } from '#gen/health/v1/health_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { SessionService } from '#gen/outcry/user/v1/session_pb.ts';
import type { AppOf } from '#platform/lifecycle/open-resources.ts';
import type { ServiceApp } from '#platform/lifecycle/service-app.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { healthService } from '#platform/rpc/health-service.ts';
import { reflectionServices } from '#platform/rpc/reflection.ts';
import { admitInTime, createGate, type Gate } from './admission/admit.ts';
import { createRateLimiter } from './admission/rate-limit.ts';
import { loadApp } from './bundle/load-app.ts';
import type { GatewayConfig } from './config.ts';
import { forwardedServices, ownerOf, publicServices } from './contracts.ts';
import { checkQuery } from './edge/callers-faults.ts';
import { withCors } from './edge/cors.ts';
import { completeJsonError } from './edge/error-forms.ts';
import { acceptCompression, createRpcHandler } from './edge/rpc-handler.ts';
import { serveBinding } from './edge/serve-binding.ts';
import { defaultFanOutTimes, type FanOutTimes } from './fan-out/fan-out.ts';
import { createFanOutHandler } from './fan-out/fan-out-handler.ts';
import { createMarketFanOut, withSharedStreams } from './fan-out/market-fan-out.ts';
import { type AnyClient, forwardService, unaryTimeoutMsDefault, unaryTimeoutMsMax } from './forward/forward-call.ts';
import { createKeyWatcher } from './forward/watch-key.ts';
import { createLeanHandler } from './lean/lean-handler.ts';
import { leanUpstreams } from './lean/lean-upstreams.ts';
import type { needs } from './needs.ts';
import { createGatherer } from './operations/gather-processes.ts';
import { operationsBinding } from './operations/operations-binding.ts';
import { loadPages } from './pages/load-pages.ts';
import type { Page } from './pages/page.ts';
import { createPageHandler } from './pages/page-handler.ts';
import { createPlainRoutes } from './plain-http/plain-routes.ts';
import type { OnePortLimits } from './port/limits.ts';
import { listenOnePort, type OnePortServer } from './port/one-port-server.ts';
import { watchUpstream } from './probe/upstream-health.ts';
import { createReads } from './reads/answer-read.ts';
import { withSessionCookies } from './sessions/session-cookies.ts';

const responseBytesMax = 8 * 1024 * 1024;
const admitAll: Gate = () => ({});

/**
 * Parts that tests replace: `limits` are of the port, without `isLean` Connect answers everything, `keyCheckEveryMs` is how often the API keys of
 * streams are looked at, `app` the files of the web app, `streamTimes` those of the fan-out.
 */
export type GatewayOverrides = {
  limits?: Partial<OnePortLimits>;
  isLean?: boolean;
  keyCheckEveryMs?: number;
  app?: ReadonlyMap<string, Page>;
  streamTimes?: Partial<FanOutTimes>;
};

/** Starts the gateway inside `app`; it is ready once the user service, which verifies tokens, serves. */
export async function createGateway(
  app: AppOf<typeof needs>,
  config: GatewayConfig,
  { limits = {}, isLean = true, keyCheckEveryMs, app: webApp, streamTimes }: GatewayOverrides = {},
): Promise<OnePortServer> {
  const { host, port } = app.config;
  const { authenticator, clientOf } = app;
  const sessions = clientOf(SessionService);
  const fetchJwks = async () => (await sessions.getJwks({})).jwksJson;
  const rateLimiter = createRateLimiter({ ratePerSecond: config.callsPerSecondMax, burst: config.callsBurstMax });
  const gate = createGate({ authenticator, rateLimiter });
  const { trustForwardedFor } = config;
  const ends = { drain: app.signal, watchKey: createKeyWatcher(authenticator, keyCheckEveryMs) };
  const files = new Map([...(await loadPages()), ...(webApp ?? (await loadApp()))]);
  const pages = createPageHandler({ pages: files, fetchJwks, trustForwardedFor });
  const open = [healthService(app.health), ...reflectionServices([...publicServices, Health])];
  const openServices = new Set(open.map(({ service }) => service.typeName));
  const operations = operationsBinding(createGatherer(app));
  app.health.set(operations.service.typeName, true);

  const times = {
    ...defaultFanOutTimes,
    ageMaxMs: Math.min(config.streamAgeMaxMs, app.config.streamAgeMaxMs),
    ...streamTimes,
  };
  const fanOut = config.sharesStreams ? createMarketFanOut(app, times) : undefined;

  const rpcHandler = createRpcHandler({
    logger: app.logger,
    trustForwardedFor,
    answerRead: createReads(gate),
    fallback: createPlainRoutes(app, { gate, rateLimiter, trustForwardedFor, fallback: pages }),
    router: {
      readMaxBytes: config.requestBytesMax,
      writeMaxBytes: responseBytesMax,
      // A misspelt field of an order would otherwise be dropped in silence.
      jsonOptions: { ignoreUnknownFields: false },
      requestGate: async (context: HandlerContext) => {
        await admitInTime(openServices.has(context.service.typeName) ? admitAll : gate, context);
        checkQuery(context);
      },
    },
    routes: (router: ConnectRouter) => {
      for (const service of forwardedServices) {
        const serving = clientOf(service) as unknown as AnyClient;
        const isShared = fanOut !== undefined && service === MarketService;
        const handlers = forwardService(service, isShared ? withSharedStreams(serving, fanOut) : serving, ends);
        const isSessions = service.typeName === SessionService.typeName;
        router.service(service, (isSessions ? withSessionCookies(handlers, config) : handlers) as never);
      }
      for (const binding of [...open, operations]) serveBinding(router, binding, app.logger);
    },
  });

  const leanHandler = createLeanHandler({
    upstreams: isLean ? leanUpstreams(app) : new Map(),
    gate,
    trustForwardedFor,
    acceptCompression,
    requestBytesMax: config.requestBytesMax,
    timeoutMsDefault: unaryTimeoutMsDefault,
    timeoutMsMax: unaryTimeoutMsMax,
    next: rpcHandler,
    logger: app.logger,
  });

  const streamHandler =
    fanOut === undefined
      ? leanHandler
      : createFanOutHandler({
          fanOut,
          gate,
          trustForwardedFor,
          acceptCompression,
          requestBytesMax: config.requestBytesMax,
          ageMaxMs: times.ageMaxMs,
          fallback: leanHandler,
          next: rpcHandler,
          logger: app.logger,
        });

  const server = await listenOnePort({
    host,
    port,
    limits,
    handler: withCors(config.corsOrigins, streamHandler),
    describeRefusal: ({ code, message }) => JSON.stringify(completeJsonError({ code, message })),
    onFault: (error) => app.logger.error({ err: error }, 'a request could not be handled'),
  });
  app.onDispose(server);
  app.onDrain((graceMs) => server.drain(graceMs));
  app.logger.info({ host, port: server.port }, 'listening');
  watchUpstreams(app, (owner) => clientOf(Health, owner));
  return server;
}

function watchUpstreams(app: ServiceApp, healthClientOf: (owner: string) => RpcClient<typeof Health>) {
  const owners = Map.groupBy(forwardedServices, ownerOf);
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
