/** Sends the same requests to a gateway with the lean handler and to one without it: no client can tell them apart. */
import { gzipSync } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { OrderService, PlaceOrderRequestSchema } from '#gen/outcry/order/v1/order_pb.ts';
import {
  alreadyExists,
  invalidArgument,
  refused,
  resourceExhausted,
  unavailable,
} from '#platform/errors/outcry-error.ts';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import { pathTo } from '../testing/call-by-hand.ts';
import { exchange, type HandAnswer, type HandRequest } from '../testing/exchange.ts';
import { type OpenGateway, openTestGateway } from '../testing/start-test-gateway.ts';
import { startTestUpstream, type TestUpstream } from '../testing/start-test-upstream.ts';

const order = { orderId: 'o', symbol: 'ACME', quantity: '5', version: 3n, createTime: { seconds: 1_800_000_000n } };
const longText = 'x'.repeat(3_000);

/** What the order service does, by the key of the order. */
const outcomes: Record<string, () => unknown> = {
  ok: () => ({ order }),
  long: () => ({ order: { ...order, symbol: longText } }),
  empty: () => ({}),
  refused: () => refuse(refused(ErrorReason.CASH_INSUFFICIENT, 'zu wenig Geld: 1 €', { needed: '10.00', symbol: 'A' })),
  invalid: () => refuse(invalidArgument('terms.limit_price', 'off tick', ErrorReason.PRICE_NOT_ON_TICK, { tick: '1' })),
  exists: () => refuse(alreadyExists(ErrorReason.KEY_REUSED, 'used before')),
  limited: () => refuse(resourceExhausted(ErrorReason.ORDER_RATE_OVER_LIMIT, 'slower', { retryDelayMs: 1_500 })),
  longRefusal: () => refuse(refused(ErrorReason.CASH_INSUFFICIENT, longText)),
  fault: () => refuse(new Error('something internal')),
  unavailable: () => refuse(unavailable()),
  never: () => new Promise(() => {}),
};

function refuse(error: Error): never {
  throw error;
}

let upstream: TestUpstream;
let gateways: [lean: OpenGateway, plain: OpenGateway];
let token: string;
beforeAll(async () => {
  const answer = async ({ clientOrderId = 'ok', orderId = 'ok' }) => (outcomes[clientOrderId] ?? outcomes[orderId])?.();
  upstream = await startTestUpstream({ placeOrder: answer, cancelOrder: answer, getOrder: answer });
  // So slow that nothing comes back: both count the same.
  const rates = { callsPerSecondMax: 0.001, callsBurstMax: 100_000 };
  gateways = [
    await openTestGateway(upstream.address, rates),
    await openTestGateway(upstream.address, rates, { isLean: false }),
  ];
  token = await upstream.identity.userToken();
});
afterAll(async () => {
  for (const gateway of gateways) await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const wires = ['json', 'proto', 'grpc-web', 'grpc'] as const;
type Wire = (typeof wires)[number];
const contentTypes = {
  json: 'application/json',
  proto: 'application/proto',
  'grpc-web': 'application/grpc-web+proto',
  grpc: 'application/grpc',
};
/** Each protocol over each HTTP version. */
const ways = wires.flatMap((wire) => ([1, 2] as const).map((httpVersion) => ({ wire, httpVersion })));

type Variant = Omit<Partial<HandRequest>, 'headers'> & { key?: string; headers?: Record<string, string> };

function bodyOf(wire: Wire, key: string): Buffer {
  if (wire === 'json') return Buffer.from(JSON.stringify({ clientOrderId: key, terms: { symbol: 'ACME' } }));
  const message = create(PlaceOrderRequestSchema, { clientOrderId: key, terms: { symbol: 'ACME' } });
  const bytes = Buffer.from(toBinary(PlaceOrderRequestSchema, message));
  return wire === 'proto' ? bytes : grpcFrame(bytes);
}

function requestOf(way: (typeof ways)[number], { key = 'ok', headers = {}, ...rest }: Variant): HandRequest {
  const authorization = `Bearer ${token}`;
  const common = { 'content-type': contentTypes[way.wire], authorization, 'x-request-id': 'r-1' };
  const all = Object.entries({ ...common, ...headers }).filter(([, value]) => value !== '');
  const path = pathTo(OrderService.method.placeOrder);
  return { httpVersion: way.httpVersion, path, body: bodyOf(way.wire, key), ...rest, headers: Object.fromEntries(all) };
}

async function exchangeBoth(request: HandRequest): Promise<HandAnswer[]> {
  return [await exchange(gateways[0].port, request), await exchange(gateways[1].port, request)];
}

async function expectSame(request: HandRequest): Promise<HandAnswer> {
  const [lean, plain] = await exchangeBoth(request);
  expect(readable(lean)).toEqual(readable(plain));
  return lean as HandAnswer;
}

function readable(answer: HandAnswer | undefined) {
  return answer && { ...answer, body: answer.body.toString('latin1') };
}

describe.each(ways)('the lean handler over $wire and HTTP/$httpVersion', (way) => {
  const { wire } = way;
  const isGrpc = wire.startsWith('grpc');
  const isFramed = isGrpc;
  const framed = (bytes: Buffer, flag = 0) => (isFramed ? grpcFrame(bytes, flag) : bytes);

  it.each(Object.keys(outcomes).filter((key) => !['unavailable', 'never'].includes(key)))(
    'answers the outcome %s as Connect does',
    async (key) => {
      const accept = { 'accept-encoding': 'gzip', 'grpc-accept-encoding': 'identity,deflate,gzip' };
      await expectSame(requestOf(way, { key }));
      await expectSame(requestOf(way, { key, headers: { ...accept, origin: 'https://example.com' } }));
    },
  );

  it('answers other RPCs as Connect does', async () => {
    const { cancelOrder, getOrder, listOrders, previewOrder } = OrderService.method;
    const body = wire === 'json' ? Buffer.from('{"orderId":"ok"}') : framed(Buffer.from([0x0a, 2, 0x6f, 0x6b]));
    for (const method of [cancelOrder, getOrder]) await expectSame(requestOf(way, { path: pathTo(method), body }));
    for (const method of [listOrders, previewOrder]) {
      await expectSame(
        requestOf(way, { path: pathTo(method), body: wire === 'json' ? Buffer.from('{}') : framed(Buffer.alloc(0)) }),
      );
    }
    for (const path of ['/outcry.order.v1.OrderService/NoSuchRpc', '/nothing', `${pathTo(getOrder)}?a=b`]) {
      await expectSame(requestOf(way, { path, body }));
    }
  });

  it('answers every request that is not plain as Connect does', async () => {
    const types = [
      'json; charset=utf-8',
      'grpc+json',
      'grpc-web-text',
      'connect+json',
      'connect+proto',
      'JSON',
      'x-protobuf',
    ];
    for (const type of types) await expectSame(requestOf(way, { headers: { 'content-type': `application/${type}` } }));
    await expectSame(requestOf(way, { headers: { 'content-type': '' } }));
    for (const encoding of ['identity', 'gzip', 'br', 'zstd']) {
      await expectSame(requestOf(way, { headers: { 'content-encoding': encoding, 'grpc-encoding': encoding } }));
    }
    const zipped = isFramed ? grpcFrame(gzipSync(bodyOf('proto', 'ok')), 1) : gzipSync(bodyOf(wire, 'ok'));
    await expectSame(
      requestOf(way, { body: zipped, headers: { 'content-encoding': 'gzip', 'grpc-encoding': 'gzip' } }),
    );
    for (const method of ['PUT', 'DELETE', 'OPTIONS']) await expectSame(requestOf(way, { method }));
    if (way.httpVersion === 1) await expectSame(requestOf(way, { hasLength: false }));
    for (const accept of ['br', 'gzip;q=0', 'identity', 'x,br', ',']) {
      await expectSame(
        requestOf(way, { key: 'long', headers: { 'accept-encoding': accept, 'grpc-accept-encoding': accept } }),
      );
    }
  });

  it('answers bodies that are no message, or are none that is plain, as Connect does', async () => {
    const json = [
      '',
      '{',
      '{"clientOrderId":"ok"}\n',
      '\ufeff{"clientOrderId":"ok"}',
      '[]',
      'null',
      '{"unknown":1}',
      '{"clientOrderId":7}',
    ];
    const more = [
      '{"clientOrderId":"ok","clientOrderId":"empty"}',
      '{"client_order_id":"ok"}',
      '{"terms":{"side":"SIDE_NONE"}}',
      '{"terms":{"side":1,"quantity":"1","amount":"1"}}',
      '{"clientOrderId":"\\ud800"}',
    ];
    for (const text of [...json, ...more]) await expectSame(requestOf(way, { body: framed(Buffer.from(text)) }));
    const binary = [
      '',
      '0a026f6b',
      '0a',
      '0a056f6b',
      '0a02ffff',
      '9a06026f6b0a026f6b',
      'ff',
      '0b0c',
      '1001',
      '12020801',
    ];
    for (const hex of binary) await expectSame(requestOf(way, { body: framed(Buffer.from(hex, 'hex')) }));
    const frame = grpcFrame(bodyOf('proto', 'ok'));
    const frames = [
      frame.subarray(0, 3),
      frame.subarray(0, -1),
      Buffer.concat([frame, frame]),
      Buffer.concat([frame, Buffer.from([0])]),
    ];
    for (const body of [
      ...frames,
      grpcFrame(bodyOf('proto', 'ok'), 1),
      grpcFrame(Buffer.alloc(0), 2),
      Buffer.alloc(0),
    ]) {
      await expectSame(requestOf(way, { body }));
    }
    const long = (length: number) => requestOf(way, { key: 'y'.repeat(length) });
    for (const length of [4_000, 4_090, 4_100, 20_000]) await expectSame(long(length));
    const tooLong = await exchangeBoth(long(70_000));
    expect(tooLong.map(({ status }) => status)[0]).toBe(tooLong[1]?.status);
  });

  it('refuses the same callers', async () => {
    const expired = await upstream.identity.userToken({ expiresInSeconds: -60 });
    const nobody = await upstream.identity.userToken({ roles: [] });
    const sent = ['', 'Bearer x', `bearer ${token}`, `Bearer  ${token}`, `Basic ${token}`, `Bearer ${token}x`];
    for (const authorization of [...sent, `Bearer ${expired}`, `Bearer ${nobody}`]) {
      await expectSame(requestOf(way, { headers: { authorization } }));
      await expectSame(requestOf(way, { headers: { authorization }, body: framed(Buffer.from('{')) }));
    }
  });

  it('reads the same deadlines', async () => {
    const name = isGrpc ? 'grpc-timeout' : 'connect-timeout-ms';
    const unit = isGrpc ? 'm' : '';
    for (const timeout of [
      `5000${unit}`,
      `99999999${unit}`,
      `0${unit}`,
      '-1',
      '1.5',
      'x',
      '',
      '+5',
      '5 S',
      '123456789012',
    ]) {
      await expectSame(requestOf(way, { headers: { [name]: timeout } }));
    }
  });

  it('answers with the request id of the caller, or one of its own', async () => {
    await expectSame(
      requestOf(way, {
        headers: { 'x-request-id': 'mine-2', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      }),
    );
    const [lean, plain] = await exchangeBoth(requestOf(way, { headers: { 'x-request-id': 'not one!' } }));
    for (const answer of [lean, plain]) expect(answer?.headers.join()).toMatch(/x-request-id: [0-9a-f]{32}/);
  });
});

function timeoutOf({ wire }: (typeof ways)[number], timeoutMs: number): Record<string, string> {
  return wire.startsWith('grpc') ? { 'grpc-timeout': `${timeoutMs}m` } : { 'connect-timeout-ms': String(timeoutMs) };
}

// At the deadline one of several parts is the first to notice, each with a text of its own.
function outcomeOf({ status, headers, trailers, body }: HandAnswer | undefined = {} as HandAnswer) {
  const isLength = (line: string) => line.startsWith('content-length');
  const code = trailers.filter((line) => line.startsWith('grpc-status:'));
  const [name] = /grpc-status: \d+|"code":"\w+"/.exec(body.toString('latin1')) ?? [];
  return { status, code, name, headers: headers.filter((line) => !isLength(line)) };
}

describe('the lean handler', () => {
  it('says like Connect that the order service is unavailable, and that a deadline passed', async () => {
    await Promise.all(
      ways.flatMap((way) => [
        exchangeBoth(requestOf(way, { key: 'unavailable', headers: timeoutOf(way, 2_000) })).then(expectEqualOutcomes),
        exchangeBoth(requestOf(way, { key: 'never', headers: timeoutOf(way, 50) })).then(expectEqualOutcomes),
        exchangeBoth(requestOf(way, { key: 'never', headers: timeoutOf(way, 1) })).then(expectEqualOutcomes),
      ]),
    );
  });

  it('limits the same rate', async () => {
    const rates = { callsPerSecondMax: 0.01, callsBurstMax: 3 };
    await using lean = await openTestGateway(upstream.address, rates);
    await using plain = await openTestGateway(upstream.address, rates, { isLean: false });
    for (const way of [...ways, ...ways]) {
      const answers = await Promise.all([lean, plain].map(({ port }) => exchange(port, requestOf(way, {}))));
      expectEqualOutcomes(answers);
    }
  });

  it('says like Connect that the order service cannot be reached', async () => {
    const addresses = { order: 'ipv4:127.0.0.1:1' };
    await using lean = await openTestGateway(upstream.address, {}, { addresses });
    await using plain = await openTestGateway(upstream.address, {}, { addresses, isLean: false });
    const request = requestOf({ wire: 'json', httpVersion: 1 }, { headers: { 'connect-timeout-ms': '2000' } });
    expectEqualOutcomes(await Promise.all([lean, plain].map(({ port }) => exchange(port, request))));
  });
});

function expectEqualOutcomes([lean, plain]: HandAnswer[]): void {
  const hidden = /x-ratelimit-remaining: \d+/;
  const [a, b] = [outcomeOf(lean), outcomeOf(plain)].map((one) => ({
    ...one,
    headers: one.headers.map((line) => line.replace(hidden, 'x-ratelimit-remaining')),
  }));
  expect(a).toEqual(b);
}
