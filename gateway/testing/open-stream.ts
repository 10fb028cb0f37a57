/** Requests by hand over either HTTP version, and everything of their answers that a client can see, while they come and at their end. */
import http from 'node:http';
import http2 from 'node:http2';

/** A request. */
export type HandRequest = {
  httpVersion: 1 | 2;
  /** By default POST. */
  method?: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
  /** Whether HTTP/1.1 says the length beforehand; default true. */
  hasLength?: boolean;
};

/** A whole answer. Headers and trailers are `name: value`, sorted, without `Date`; what was cut off or reset says so among the trailers. */
export type HandAnswer = { status: number; headers: string[]; body: Buffer; trailers: string[] };

/** An answer that may still go on. */
export type OpenAnswer = {
  /** Bytes of the body so far. */
  readonly bodyBytes: number;
  readonly isEnded: boolean;
  readonly body: Buffer;
  /** All of it, once it has ended; rejects where none came. */
  readonly whole: Promise<HandAnswer>;
  /** Reads no more until `resume`. */
  pause(): void;
  resume(): void;
  leave(): void;
};

type Parts = {
  isEnded: boolean;
  status: number;
  headers: string[];
  trailers: string[];
  chunks: Buffer[];
  bytes: number;
};

/** Sends the request on a connection of its own and reads the whole answer. */
export function exchange(port: number, request: HandRequest): Promise<HandAnswer> {
  return openStream(port, request).whole;
}

/** Sends the request on a connection of its own; the answer may go on. */
export function openStream(port: number, request: HandRequest): OpenAnswer {
  const parts: Parts = { isEnded: false, status: 0, headers: [], trailers: [], chunks: [], bytes: 0 };
  const opened = request.httpVersion === 1 ? open1(port, request, parts) : open2(port, request, parts);
  const body = () => Buffer.concat(parts.chunks);
  const whole = opened.ended
    .finally(() => {
      parts.isEnded = true;
    })
    .then(() => {
      const { status, headers, trailers } = parts;
      return { status, headers, trailers, body: body() };
    });
  // Of those that only watch it come.
  whole.catch(() => {});
  return {
    get bodyBytes() {
      return parts.bytes;
    },
    get body() {
      return body();
    },
    get isEnded() {
      return parts.isEnded;
    },
    whole,
    pause: opened.pause,
    resume: opened.resume,
    leave: opened.leave,
  };
}

function take(parts: Parts, chunk: Buffer): void {
  parts.chunks.push(chunk);
  parts.bytes += chunk.length;
}

function open1(port: number, { method = 'POST', path, headers, body, hasLength = true }: HandRequest, parts: Parts) {
  const ended = Promise.withResolvers<void>();
  const length = hasLength ? { 'content-length': String(body.length) } : {};
  const options = { port, host: '127.0.0.1', method, path, agent: false, headers: { ...headers, ...length } };
  let answer: http.IncomingMessage | undefined;
  const request = http.request(options, (response) => {
    answer = response;
    parts.status = response.statusCode ?? 0;
    parts.headers = linesOf(pairsOf(response.rawHeaders));
    response.on('data', (chunk: Buffer) => take(parts, chunk));
    response.on('error', () => {});
    response.on('close', () => {
      parts.trailers = linesOf(pairsOf(response.rawTrailers));
      if (!response.complete) parts.trailers.push('cut off');
      ended.resolve();
    });
  });
  request.on('error', ended.reject);
  request.end(body);
  return {
    ended: ended.promise,
    pause: () => void answer?.pause(),
    resume: () => void answer?.resume(),
    leave: () => void request.destroy(),
  };
}

function open2(port: number, { method = 'POST', path, headers, body }: HandRequest, parts: Parts) {
  const ended = Promise.withResolvers<void>();
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', ended.reject);
  const stream = session.request({ ':method': method, ':path': path, ...headers });
  stream.on('response', (received) => {
    parts.status = Number(received[':status']);
    parts.headers = linesOf(Object.entries(received));
  });
  stream.on('trailers', (received) => {
    parts.trailers = linesOf(Object.entries(received));
  });
  stream.on('data', (chunk: Buffer) => take(parts, chunk));
  stream.on('error', () => {});
  stream.on('close', () => {
    if (stream.rstCode !== 0) parts.trailers.push(`reset: ${stream.rstCode}`);
    session.destroy();
    ended.resolve();
  });
  stream.end(body);
  return {
    ended: ended.promise,
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    leave: () => session.destroy(),
  };
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
