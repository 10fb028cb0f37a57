/** Requests by hand over either HTTP version, and everything of their answers that a client can see. */
import http from 'node:http';
import http2 from 'node:http2';

/** A request. */
export type HandRequest = {
  httpVersion: 1 | 2;
  method?: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Whether HTTP/1.1 says the length beforehand; default true. */
  hasLength?: boolean;
};

/** An answer. Headers and trailers are `name: value`, sorted; `Date` is left out. */
export type HandAnswer = { status: number; headers: string[]; body: Buffer; trailers: string[] };

/** Sends the request on a connection of its own. */
export function exchange(port: number, request: HandRequest): Promise<HandAnswer> {
  return request.httpVersion === 1 ? exchange1(port, request) : exchange2(port, request);
}

function exchange1(port: number, { method = 'POST', path, headers, body, hasLength = true }: HandRequest) {
  return new Promise<HandAnswer>((resolve, reject) => {
    const length = hasLength ? { 'content-length': String(body.length) } : {};
    const options = { port, host: '127.0.0.1', method, path, agent: false, headers: { ...headers, ...length } };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: linesOf(pairsOf(response.rawHeaders)),
          body: Buffer.concat(chunks),
          trailers: linesOf(pairsOf(response.rawTrailers)),
        }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function exchange2(port: number, { method = 'POST', path, headers, body }: HandRequest) {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  return new Promise<HandAnswer>((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request({ ':method': method, ':path': path, ...headers });
    const answer: HandAnswer = { status: 0, headers: [], body: Buffer.alloc(0), trailers: [] };
    stream.on('response', (received) => {
      answer.status = Number(received[':status']);
      answer.headers = linesOf(Object.entries(received));
    });
    stream.on('trailers', (received) => {
      answer.trailers = linesOf(Object.entries(received));
    });
    stream.on('data', (chunk: Buffer) => {
      answer.body = Buffer.concat([answer.body, chunk]);
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      if (stream.rstCode !== 0) answer.trailers.push(`reset: ${stream.rstCode}`);
      resolve(answer);
    });
    stream.end(body);
  }).finally(() => session.destroy());
}

function pairsOf(raw: readonly string[]): [string, unknown][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1]]);
}

function linesOf(pairs: [string, unknown][]): string[] {
  return pairs
    .map(([name, value]) => `${name.toLowerCase()}: ${String(value)}`)
    .filter((line) => !/^(date|x-ratelimit-reset|:status): /.test(line))
    .sort();
}
