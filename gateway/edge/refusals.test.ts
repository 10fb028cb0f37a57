import http from 'node:http';
import net from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { invalidArguments, resourceExhausted } from '#platform/errors/outcry-error.ts';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import { callByHand, pathTo, protocols, streamProtocols, unaryProtocols } from '../testing/call-by-hand.ts';
import { startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';

const getInstrument = pathTo(MarketService.method.getInstrument);
const placeOrder = pathTo(OrderService.method.placeOrder);
const json = { 'content-type': 'application/json' };
const message = Buffer.from([0x0a, 4, 0x41, 0x43, 0x4d, 0x45]);
let gateway: TestGateway;

beforeAll(async () => {
  const later = (retryDelayMs: number) =>
    resourceExhausted(ErrorReason.OVERLOADED, 'come back later', { retryDelayMs });
  gateway = await startTestGateway({
    getInstrument: async ({ symbol }: { symbol: string }) => {
      if (symbol === 'LATER') throw later(899_100);
      if (symbol === 'LONG') {
        throw invalidArguments(Array.from({ length: 30 }, () => ({ field: 'f', description: 'x'.repeat(100) })));
      }
      return { instrument: { symbol } };
    },
    // biome-ignore lint/correctness/useYield: the stream fails before its first message.
    async *streamQuotes() {
      throw later(20);
    },
  });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** A request that fetch would not send. */
function sendRaw(head: string[], body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(gateway.port, '127.0.0.1');
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
    socket.end(`${[...head, `content-length: ${body.length}`, 'connection: close'].join('\r\n')}\r\n\r\n${body}`);
  });
}

describe('an RPC that does not exist', () => {
  const paths = ['/outcry.market.v1.MarketService/GetNothing', '/outcry.market.v1.NoService/Get', '/a.B/C'];

  it.each(protocols)('is UNIMPLEMENTED over %s, with a reason and a request id', async (protocol) => {
    for (const path of paths) {
      const outcome = await callByHand(gateway, protocol, { path });
      expect(outcome).toMatchObject({ code: Code.UNIMPLEMENTED, reason: 'UNIMPLEMENTED' });
      expect(outcome.http).toBe(['json', 'proto', 'GET'].includes(protocol) ? 501 : 200);
      expect(outcome.headers.get('x-request-id')).toMatch(/./);
    }
  });

  it('is not what a path is that nothing is served at: that is 404, in the one error shape', async () => {
    for (const path of ['/nothing', '/outcry.market.v1.MarketService/GetNothing', '/a.B/C/D']) {
      const response = await fetch(gateway.url + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        code: 'not_found',
        details: [{ type: 'google.rpc.ErrorInfo', debug: { reason: 'UNIMPLEMENTED', domain: 'outcry' } }],
      });
    }
  });
});

describe('a request that its caller made wrong', () => {
  const malformed = { code: Code.INVALID_ARGUMENT, reason: 'MALFORMED_MESSAGE' };

  it.each(['!!!', '%00', 'AAA*'])('GET whose message %s is no base64 is INVALID_ARGUMENT', async (text) => {
    const query = `?connect=v1&encoding=proto&base64=1&message=${text}`;
    const response = await fetch(`${gateway.url}${getInstrument}${query}`);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { code: 'invalid_argument', details: [{ debug: { reason: 'MALFORMED_MESSAGE' } }] },
    ]);
  });

  it('GET whose message is base64, with and without padding, is answered', async () => {
    for (const text of [message.toString('base64url'), encodeURIComponent(message.toString('base64'))]) {
      const query = `?connect=v1&encoding=proto&base64=1&message=${text}`;
      expect((await fetch(`${gateway.url}${getInstrument}${query}`)).status).toBe(200);
    }
  });

  const damaged: [string, Buffer][] = [
    ['gzip', gzipSync(message).subarray(0, 12)],
    ['gzip', Buffer.from('not gzip at all')],
    ['br', brotliCompressSync(Buffer.alloc(2_000, 'ab')).subarray(0, 5)],
    ['br', Buffer.from('not brotli at all')],
  ];
  it.each(damaged)('bytes that cannot be decompressed (%s) are INVALID_ARGUMENT', async (encoding, bytes) => {
    const headers = { 'content-type': 'application/proto', 'content-encoding': encoding };
    const body = new Uint8Array(bytes);
    const unary = await fetch(gateway.url + getInstrument, { method: 'POST', headers, body });
    expect([unary.status, await unary.json()]).toMatchObject([400, { code: 'invalid_argument' }]);
    const framed = grpcFrame(bytes, 1);
    const web = { 'content-type': 'application/grpc-web', 'grpc-encoding': encoding };
    const answer = await fetch(gateway.url + getInstrument, {
      method: 'POST',
      headers: web,
      body: new Uint8Array(framed),
    });
    expect(await answer.text()).toContain(`grpc-status: ${Code.INVALID_ARGUMENT}\r\n`);
  });

  it('text mode that is no base64 is INVALID_ARGUMENT', async () => {
    const headers = { 'content-type': 'application/grpc-web-text' };
    for (const body of ['!!!!', 'AAA*', 'é'.repeat(8)]) {
      const answer = await fetch(gateway.url + getInstrument, { method: 'POST', headers, body });
      const text = Buffer.from(await answer.text(), 'base64').toString();
      expect(text).toContain(`grpc-status: ${Code.INVALID_ARGUMENT}\r\n`);
    }
    const outcome = await callByHand(gateway, 'gRPC-web text', { path: getInstrument, bytes: Buffer.from([0x0a, 9]) });
    expect(outcome).toMatchObject(malformed);
  });

  it.each(['[', 'a b', ''])('with the host %j is 400, and the gateway goes on', async (host) => {
    const head = [`POST ${getInstrument} HTTP/1.1`, `host: ${host}`, 'content-type: application/json'];
    expect(await sendRaw(head, '{}')).toMatch(/^HTTP\/1.1 400 .*"invalid_argument"/s);
    expect((await fetch(`${gateway.url}/favicon.ico`)).status).toBe(200);
  });

  it('of HTTP/1.0 without a host is 400', async () => {
    const head = [`POST ${getInstrument} HTTP/1.0`, 'content-type: application/json'];
    expect(await sendRaw(head, '{}')).toMatch(/^HTTP\/1.1 400 /);
  });

  it.each([
    ['PUT', getInstrument, 'GET, POST'],
    ['DELETE', placeOrder, 'POST'],
    ['GET', placeOrder, 'POST'],
  ])('with the method %s to %s is 405 and says which are allowed', async (method, path, allowed) => {
    const response = await fetch(gateway.url + path, { method, headers: json });
    const allow = (response.headers.get('allow') ?? '').split(', ').toSorted().join(', ');
    expect([response.status, allow]).toEqual([405, allowed]);
    expect(await response.json()).toMatchObject({ code: 'unimplemented', details: [{}] });
  });

  it('HEAD is 405 without a body', async () => {
    const response = await fetch(gateway.url + placeOrder, { method: 'HEAD' });
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([405, 'POST', '']);
  });

  it.each(['text/plain', 'application/xml', 'application/grpc-web-foo', 'application/grpc+thrift'])(
    'in the content type %s is 415 in the one error shape',
    async (contentType) => {
      const headers = { 'content-type': contentType };
      const response = await fetch(gateway.url + getInstrument, { method: 'POST', headers, body: '{}' });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({
        code: 'unimplemented',
        details: [{ debug: { reason: 'UNIMPLEMENTED' } }],
      });
    },
  );
});

describe('an error that says when to come back', () => {
  it.each(unaryProtocols)('has Retry-After over %s', async (protocol) => {
    const bytes = Buffer.from([0x0a, 5, ...Buffer.from('LATER')]);
    const outcome = await callByHand(gateway, protocol, { path: getInstrument, json: { symbol: 'LATER' }, bytes });
    expect(outcome).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: 'OVERLOADED' });
    expect(outcome.headers.get('retry-after')).toBe('900');
  });

  it.each(streamProtocols)('has Retry-After over %s when a stream fails at once', async (protocol) => {
    const path = pathTo(MarketService.method.streamQuotes);
    const outcome = await callByHand(gateway, protocol, { path });
    expect([outcome.code, outcome.headers.get('retry-after')]).toEqual([Code.RESOURCE_EXHAUSTED, '1']);
  });
});

describe('an error longer than what is compressed', () => {
  it.each(['gzip', 'br', 'identity'])('reaches a caller that takes %s', async (encoding) => {
    const options = { method: 'POST', headers: { ...json, 'accept-encoding': encoding } };
    const body = await new Promise<string>((resolve, reject) => {
      const request = http.request(gateway.url + getInstrument, options, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      });
      request.on('error', reject).end('{"symbol":"LONG"}');
    });
    const { code, details } = JSON.parse(body) as { code: string; details: unknown[] };
    expect([code, details.length]).toEqual(['invalid_argument', 2]);
  });

  it('reaches the reader of a stream', async () => {
    const headers = { 'content-type': 'application/connect+json', 'connect-accept-encoding': 'gzip' };
    const body = new Uint8Array(grpcFrame(Buffer.from(`{"${'x'.repeat(2_000)}":1}`)));
    const path = pathTo(MarketService.method.streamQuotes);
    const response = await fetch(gateway.url + path, { method: 'POST', headers, body });
    expect(await response.text()).toContain('"reason":"MALFORMED_MESSAGE"');
  });
});
