/** Calls as the bytes that a client sends, in each protocol, for tests in which it stops at some point of them. */
import { create, toBinary } from '@bufbuild/protobuf';
import { GetInstrumentRequestSchema, StreamQuotesRequestSchema } from '#gen/outcry/market/v1/market_pb.ts';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import { dataFrame, headersFrame, http2Preface, settingsFrame } from './http2-bytes.ts';

/** A way to call. Unary calls are GetInstrument, streams StreamQuotes, pages `/`. */
export type Way = { httpVersion: 1 | 2; contentType: string; isStream: boolean } | { httpVersion: 1 | 2; isPage: true };

/** What a connection sends: what opens it, and each call's head and body. */
export type CallBytes = { opening: Buffer; head: (index: number) => Buffer; body: (index: number) => Buffer };

const service = '/outcry.market.v1.MarketService';

/** The bytes of calls about the symbol. `timeoutMs` is the deadline that they name; `token` is sent when it is given. */
export function callBytes(way: Way, call: { symbol: string; timeoutMs: number; token?: string }): CallBytes {
  const message = 'isPage' in way ? Buffer.alloc(0) : messageOf(way, call.symbol);
  const headers: Record<string, string> = 'isPage' in way ? {} : headersOf(way.contentType, call);
  const method = 'isPage' in way ? 'GET' : 'POST';
  const path = 'isPage' in way ? '/' : `${service}/${way.isStream ? 'StreamQuotes' : 'GetInstrument'}`;
  if (way.httpVersion === 2) {
    const pseudo = { ':method': method, ':scheme': 'http', ':path': path, ':authority': 'x' };
    return {
      opening: Buffer.concat([http2Preface, settingsFrame]),
      head: (index) => headersFrame(2 * index + 1, { ...pseudo, ...headers }, message.length === 0),
      body: (index) => (message.length === 0 ? message : dataFrame(2 * index + 1, message)),
    };
  }
  const lines = Object.entries({ host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = message.length === 0 ? '' : `content-length: ${message.length}\r\n`;
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n`);
  return { opening: Buffer.alloc(0), head: () => head, body: () => message };
}

function headersOf(contentType: string, { timeoutMs, token }: { timeoutMs: number; token?: string }) {
  const isGrpc = contentType.startsWith('application/grpc');
  return {
    'content-type': contentType,
    ...(isGrpc ? { 'grpc-timeout': `${timeoutMs}m` } : { 'connect-timeout-ms': String(timeoutMs) }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
}

function messageOf({ contentType, isStream }: { contentType: string; isStream: boolean }, symbol: string): Buffer {
  const json = Buffer.from(JSON.stringify(isStream ? { symbols: [symbol] } : { symbol }));
  if (contentType === 'application/json') return json;
  if (contentType === 'application/connect+json') return grpcFrame(json);
  const bytes = isStream
    ? toBinary(StreamQuotesRequestSchema, create(StreamQuotesRequestSchema, { symbols: [symbol] }))
    : toBinary(GetInstrumentRequestSchema, create(GetInstrumentRequestSchema, { symbol }));
  return grpcFrame(bytes);
}
