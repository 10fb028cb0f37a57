/** A small collector: takes spans by OTLP over HTTP in JSON, for a machine that has no other, and for tests. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type ReceivedSpan, readSpans } from './received-span.ts';

/** The listening collector; `port` is the bound one. */
export type OtlpReceiver = { port: number } & AsyncDisposable;

const bodyBytesMax = 8 * 1_024 * 1_024;
const connectionsMax = 64;

/**
 * Listens on `host`:`port` (0: any free port) and gives the spans of each request to `onSpans`; requests that are not for /v1/traces go to `other`.
 * Rejects when the port is taken.
 */
export async function startOtlpReceiver(options: {
  host: string;
  port: number;
  onSpans: (spans: ReceivedSpan[]) => void;
  other?: (request: IncomingMessage, response: ServerResponse) => void;
}): Promise<OtlpReceiver> {
  const { host, port, onSpans, other = notFound } = options;
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (request, response) => {
    if (request.url !== '/v1/traces' || request.method !== 'POST') return other(request, response);
    // A page of somewhere else, in a browser of this machine, sends its origin; no exporter does.
    if (request.headers.origin !== undefined) return void response.writeHead(403, { connection: 'close' }).end();
    takeSpans(request, onSpans).then(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      () => response.writeHead(400, { connection: 'close' }).end(),
    );
  });
  server.maxConnections = connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function takeSpans(request: IncomingMessage, onSpans: (spans: ReceivedSpan[]) => void): Promise<void> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new RangeError('the body is too long');
    chunks.push(chunk);
  }
  onSpans(readSpans(Buffer.concat(chunks).toString('utf8')));
}

function notFound(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404).end();
}
