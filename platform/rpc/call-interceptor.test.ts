import { gzipSync } from 'node:zlib';
import { toBinary } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { fromStatusBytes } from '#platform/errors/details.ts';
import { notFound } from '#platform/errors/outcry-error.ts';
import { grpcFrame, type RawResponse, rawCall } from '#platform/testing/raw-call.ts';
import { EncodedMessage } from './implementation.ts';
import { type EchoFixture, startEcho } from './testing/echo-server.ts';

const path = (method: string) => `/outcry.test.v1.EchoService/${method}`;
const text = (value: string) =>
  Buffer.from(toBinary(StringValueSchema, { $typeName: StringValueSchema.typeName, value }));
const wellFormed = grpcFrame(text('hello'));

let echo: EchoFixture;
let authorization: string;

beforeAll(async () => {
  echo = await startEcho(
    {
      write: async ({ value }) => {
        if (value === 'encoded') return new EncodedMessage(text('as it is'));
        if (value === 'secret') throw new Error('password is hunter2');
        if (value === 'surrogate') throw notFound(ErrorReason.ORDER_NOT_FOUND, 'half a pair: \ud800');
        throw notFound(ErrorReason.ORDER_NOT_FOUND, 'there is no order "né"', { order_id: '7' });
      },
      // biome-ignore lint/correctness/useYield: the stream fails before its first message.
      count: async function* () {
        throw notFound(ErrorReason.SYMBOL_UNKNOWN, 'no such symbol');
      },
    },
    { limits: { requestBytesMax: 10_000, defaultDeadlineMs: 10_000 } },
  );
  authorization = `Bearer ${echo.asUser.userToken}`;
});
afterAll(() => echo[Symbol.asyncDispose]());

const call = (method: string, body: Uint8Array, headers: Record<string, string> = {}) =>
  rawCall(echo.server.port, path(method), body, { authorization, ...headers });

function errorOf(response: RawResponse) {
  const encoded = response.headers['grpc-status-details-bin'];
  return fromStatusBytes(Buffer.from(String(encoded), 'base64'));
}

function expectTrailersOnly(response: RawResponse, code: number) {
  expect(response.headersEndStream).toBe(true);
  expect(response.trailers).toBeUndefined();
  expect(response.data).toHaveLength(0);
  expect(response.headers[':status']).toBe(200);
  expect(response.headers['grpc-status']).toBe(String(code));
  expect(response.headers['x-request-id']).toMatch(/^[\w-]+$/);
}

describe('createCallInterceptor', () => {
  it('a success has headers, one message, and the status and request id in its trailers', async () => {
    const response = await call('Read', wellFormed, { 'x-request-id': 'from-the-caller' });
    expect(response.headersEndStream).toBe(false);
    expect(response.headers['grpc-status']).toBeUndefined();
    expect(response.data).toEqual(wellFormed);
    expect(response.trailers).toMatchObject({ 'grpc-status': '0', 'x-request-id': 'from-the-caller' });
  });

  it('a response that is serialised already is sent as it is', async () => {
    const response = await call('Write', grpcFrame(text('encoded')));
    expect(response.data).toEqual(grpcFrame(text('as it is')));
  });

  it('a refusal leaves as trailers-only, with its details', async () => {
    const response = await call('Write', wellFormed);
    expectTrailersOnly(response, Code.NOT_FOUND);
    expect(decodeURIComponent(String(response.headers['grpc-message']))).toBe('there is no order "né"');
    const error = errorOf(response);
    expect(error).toMatchObject({ code: Code.NOT_FOUND, reason: ErrorReason.ORDER_NOT_FOUND });
    expect(error.metadata).toEqual({ order_id: '7' });
  });

  it('a stream that fails before its first message leaves as trailers-only', async () => {
    const response = await call('Count', wellFormed);
    expectTrailersOnly(response, Code.NOT_FOUND);
    expect(errorOf(response).reason).toBe(ErrorReason.SYMBOL_UNKNOWN);
  });

  it('an unforeseen error is sent as "internal error" without its message', async () => {
    const response = await call('Write', grpcFrame(text('secret')));
    expectTrailersOnly(response, Code.INTERNAL);
    expect(response.headers['grpc-message']).toBe('internal%20error');
    expect(JSON.stringify(response.headers)).not.toContain('hunter2');
    expect(errorOf(response)).toMatchObject({ reason: ErrorReason.INTERNAL, message: 'internal error' });
  });

  it('a message that is no valid Unicode is sent all the same', async () => {
    expectTrailersOnly(await call('Write', grpcFrame(text('surrogate'))), Code.NOT_FOUND);
  });

  it('no token: UNAUTHENTICATED, trailers-only', async () => {
    const response = await rawCall(echo.server.port, path('Read'), wellFormed);
    expectTrailersOnly(response, Code.UNAUTHENTICATED);
    expect(errorOf(response).reason).toBe(ErrorReason.TOKEN_MISSING);
  });

  it('bytes that are no message: INVALID_ARGUMENT, MALFORMED_MESSAGE', async () => {
    for (const bytes of ['ff', '0aff', '0a05616263', '0b', '0aff ffff ffff ffff ffff 7f'.replaceAll(' ', '')]) {
      const response = await call('Read', grpcFrame(Buffer.from(bytes, 'hex')));
      expectTrailersOnly(response, Code.INVALID_ARGUMENT);
      expect(errorOf(response).reason).toBe(ErrorReason.MALFORMED_MESSAGE);
    }
  });

  it('a message over the limit: RESOURCE_EXHAUSTED, MESSAGE_TOO_LARGE', async () => {
    const response = await call('Read', grpcFrame(text('x'.repeat(20_000))));
    expectTrailersOnly(response, Code.RESOURCE_EXHAUSTED);
    expect(errorOf(response).reason).toBe(ErrorReason.MESSAGE_TOO_LARGE);
  });

  it('a small message that decompresses beyond the limit: RESOURCE_EXHAUSTED', async () => {
    const bomb = grpcFrame(gzipSync(text('x'.repeat(1_000_000))), 1);
    const response = await call('Read', bomb, { 'grpc-encoding': 'gzip' });
    expectTrailersOnly(response, Code.RESOURCE_EXHAUSTED);
  });

  it('compressed messages are understood', async () => {
    const response = await call('Read', grpcFrame(gzipSync(text('hello')), 1), { 'grpc-encoding': 'gzip' });
    expect(response.data).toEqual(wellFormed);
  });

  it('garbage that claims to be gzip: INVALID_ARGUMENT', async () => {
    const response = await call('Read', grpcFrame(Buffer.from('not gzip at all'), 1), { 'grpc-encoding': 'gzip' });
    expectTrailersOnly(response, Code.INVALID_ARGUMENT);
  });

  it('an unknown compression: UNIMPLEMENTED', async () => {
    const response = await call('Read', grpcFrame(text('hello'), 1), { 'grpc-encoding': 'snappy' });
    expectTrailersOnly(response, Code.UNIMPLEMENTED);
  });

  it('a call without a message, and one with two: UNIMPLEMENTED, as the gRPC status codes say', async () => {
    expectTrailersOnly(await call('Read', Buffer.alloc(0)), Code.UNIMPLEMENTED);
    expectTrailersOnly(await call('Read', wellFormed.subarray(0, 7)), Code.UNIMPLEMENTED);
    expectTrailersOnly(await call('Read', Buffer.concat([wellFormed, wellFormed])), Code.UNIMPLEMENTED);
  });

  it('a timeout header that is none: INVALID_ARGUMENT', async () => {
    expectTrailersOnly(await call('Read', wellFormed, { 'grpc-timeout': 'soon' }), Code.INVALID_ARGUMENT);
  });

  it('an RPC that is not served: UNIMPLEMENTED', async () => {
    const response = await call('Nothing', wellFormed);
    expect(response.headersEndStream).toBe(true);
    expect(response.headers['grpc-status']).toBe(String(Code.UNIMPLEMENTED));
  });

  it('metadata over the limit: RESOURCE_EXHAUSTED', async () => {
    for (const bytes of [20_000, 60_000]) {
      const spread = Array.from({ length: 10 }, (_, index) => [`x-${index}`, 'x'.repeat(bytes / 10)]);
      expectTrailersOnly(await call('Read', wellFormed, Object.fromEntries(spread)), Code.RESOURCE_EXHAUSTED);
    }
    expect((await call('Read', wellFormed, { 'x-0': 'x'.repeat(12_000) })).data).toEqual(wellFormed);
  });

  it('what is no gRPC at all is refused and the server goes on', async () => {
    expect((await call('Read', wellFormed, { 'content-type': 'text/plain' })).headers[':status']).toBe(415);
    await call('\u00ff%00', wellFormed).catch(() => {});
    expect((await call('Read', wellFormed)).data).toEqual(wellFormed);
  });
});
