/** The admin HTTP server of a process, for Prometheus, the probes and operators: /metrics, /livez, /readyz, /profile. */
import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { Metrics } from './metrics.ts';

/** The listening server; `port` is the bound one. */
export type AdminServer = { port: number } & AsyncDisposable;

/**
 * Listens on `host`:`port` (0: any free port). /readyz answers 200 or 503 by `ready`, /livez by `live`, /metrics in
 * Prometheus text format. Rejects when the port is taken.
 */
export async function startAdminServer(options: {
  host: string;
  port: number;
  metrics: Metrics;
  ready: () => boolean;
  live: () => boolean;
}): Promise<AdminServer> {
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, maxHeaderSize: 8_192 },
    handleRequest(options),
  );
  server.maxConnections = 64;
  await listen(server, options.host, options.port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function handleRequest(options: { metrics: Metrics; ready: () => boolean; live: () => boolean }): RequestListener {
  return (request, response) => {
    const answer = (status: number, body: string, type = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const url = new URL(request.url ?? '/', 'http://admin');
    if (request.method === 'POST' && url.pathname === '/profile') {
      // Loaded when it is asked for: the inspector costs memory in each process.
      void import('./answer-profile.ts').then(({ answerProfile }) => answerProfile(request, response, url));
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'method not allowed\n');
    const path = url.pathname;
    if (path === '/livez') return options.live() ? answer(200, 'ok\n') : answer(503, 'not live\n');
    if (path === '/readyz') return options.ready() ? answer(200, 'ok\n') : answer(503, 'not ready\n');
    if (path !== '/metrics') return answer(404, 'not found\n');
    const { registry } = options.metrics;
    registry.metrics().then(
      (text) => answer(200, text, registry.contentType),
      () => answer(500, 'metrics could not be collected\n'),
    );
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
