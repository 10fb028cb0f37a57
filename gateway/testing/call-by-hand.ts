/** Calls made by hand in each protocol, for tests of what the gateway answers on the wire. */
import { type DescMethod, fromBinary } from '@bufbuild/protobuf';
import { ErrorInfoSchema } from '#gen/google/rpc/error_details_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { fromStatusBytes, reasonName } from '#platform/errors/details.ts';
import { grpcFrame, rawCall } from '#platform/testing/raw-call.ts';
import { timeoutSignal } from '#platform/time/within.ts';
import type { TestGateway } from './start-test-gateway.ts';

/** The ways in which a unary RPC can be called; a stream is called in the last four. */
export const protocols = ['json', 'proto', 'GET', 'connect stream', 'gRPC-web', 'gRPC-web text', 'gRPC'] as const;
/** One of the ways to call. */
export type Protocol = (typeof protocols)[number];
/** The ways in which a server stream can be called. */
export const streamProtocols: readonly Protocol[] = ['connect stream', 'gRPC-web', 'gRPC-web text', 'gRPC'];
/** The ways in which a unary RPC can be called. */
export const unaryProtocols: readonly Protocol[] = ['json', 'proto', 'GET', 'gRPC-web', 'gRPC-web text', 'gRPC'];

/** How a call ended: `code` by number, OK when it did not fail, with the reason of its ErrorInfo ('' without one). */
export type Outcome = { http: number; code: number; reason: string; headers: Headers };

/** What is sent: the path, and the request message in both of its forms. */
export type HandCall = {
  path: string;
  headers?: Record<string, string>;
  json?: object;
  bytes?: Uint8Array;
  signal?: AbortSignal;
};

/** The path of an RPC. */
export function pathTo(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

/** The name of the header that carries a timeout. */
export function timeoutHeader(protocol: Protocol): string {
  return protocol.startsWith('gRPC') ? 'grpc-timeout' : 'connect-timeout-ms';
}

/** Sends one request and reads the whole answer. */
export async function callByHand(gateway: TestGateway, protocol: Protocol, call: HandCall): Promise<Outcome> {
  if (protocol === 'gRPC') return callGrpc(gateway, call);
  const { path, json = {}, bytes = new Uint8Array(), headers, signal = timeoutSignal(10_000) } = call;
  const json64 = Buffer.from(JSON.stringify(json));
  const requests: Record<Exclude<Protocol, 'gRPC'>, [contentType: string | undefined, body: string | Buffer]> = {
    json: ['application/json', JSON.stringify(json)],
    proto: ['application/proto', Buffer.from(bytes)],
    GET: [undefined, ''],
    'connect stream': ['application/connect+json', grpcFrame(json64)],
    'gRPC-web': ['application/grpc-web+proto', grpcFrame(bytes)],
    'gRPC-web text': ['application/grpc-web-text', grpcFrame(bytes).toString('base64')],
  };
  const [contentType, body] = requests[protocol];
  const query = protocol === 'GET' ? `?encoding=json&message=${encodeURIComponent(JSON.stringify(json))}` : '';
  const response = await fetch(`${gateway.url}${path}${query}`, {
    method: protocol === 'GET' ? 'GET' : 'POST',
    headers: { ...(contentType !== undefined && { 'content-type': contentType }), ...headers },
    ...(protocol !== 'GET' && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    signal,
  });
  return outcomeOf(response);
}

async function callGrpc(gateway: TestGateway, { path, headers, bytes = new Uint8Array() }: HandCall): Promise<Outcome> {
  const response = await rawCall(gateway.port, path, grpcFrame(bytes), headers);
  const fields = { ...response.headers, ...response.trailers };
  const all = new Headers(Object.entries(fields).flatMap(([k, v]) => (k.startsWith(':') ? [] : [[k, String(v)]])));
  return { http: Number(response.headers[':status']), ...fromTrailer(all), headers: all };
}

async function outcomeOf(response: Response): Promise<Outcome> {
  const { status: http, headers } = response;
  const contentType = headers.get('content-type') ?? '';
  const body = Buffer.from(await response.arrayBuffer());
  if (contentType.startsWith('application/grpc-web')) {
    const frames = contentType.includes('-text') ? fromBase64Groups(body.toString('latin1')) : body;
    const trailer = lastFrame(frames, 0x80) ?? '';
    return { http, ...fromTrailer(new Headers(linesOf(trailer))), headers };
  }
  if (contentType.startsWith('application/connect+')) {
    const { error } = JSON.parse(lastFrame(body, 0x02) ?? '{}') as { error?: object };
    return { http, ...fromJson(error), headers };
  }
  if (http < 400) return { http, code: Code.OK, reason: '', headers };
  return { http, ...fromJson(JSON.parse(body.toString('utf8')) as object), headers };
}

type JsonError = { code?: string; details?: { type: string; value: string }[] };

function fromJson(error: JsonError | undefined): { code: number; reason: string } {
  if (error === undefined) return { code: Code.OK, reason: '' };
  const name = (error.code ?? '').toUpperCase().replace('CANCELED', 'CANCELLED') as keyof typeof Code;
  const detail = error.details?.find(({ type }) => type === ErrorInfoSchema.typeName);
  const info = detail && fromBinary(ErrorInfoSchema, Buffer.from(detail.value, 'base64'));
  return { code: Code[name], reason: info?.reason ?? '' };
}

function fromTrailer(trailer: Headers): { code: number; reason: string } {
  const details = trailer.get('grpc-status-details-bin');
  const { reason } =
    details === null ? { reason: ErrorReason.UNSPECIFIED } : fromStatusBytes(Buffer.from(details, 'base64'));
  const code = trailer.get('grpc-status');
  return {
    code: code === null ? -1 : Number(code),
    reason: reason === ErrorReason.UNSPECIFIED ? '' : reasonName(reason),
  };
}

function linesOf(text: string): [string, string][] {
  const lines = text.split('\r\n').filter((line) => line !== '');
  return lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
}

/** The content of the frame with the flag. Throws when the frames are not whole. */
function lastFrame(frames: Buffer, flag: number): string | undefined {
  let found: string | undefined;
  for (let start = 0; start < frames.length; ) {
    const end = start + 5 + frames.readUInt32BE(start + 1);
    if (end > frames.length) throw new Error('a frame is cut off');
    if (((frames[start] ?? 0) & flag) !== 0) found = frames.subarray(start + 5, end).toString('utf8');
    start = end;
  }
  return found;
}

// As a client reads it: group by group, each of which may end in padding.
function fromBase64Groups(text: string): Buffer {
  return Buffer.concat((text.match(/.{4}/g) ?? []).map((group) => Buffer.from(group, 'base64')));
}
