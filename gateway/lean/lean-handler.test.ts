/** Sends the same requests to a gateway with the lean handler and to one without it: the answers are the same to the byte. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { grpcFrame } from '#platform/testing/raw-call.ts';
import { pathTo } from '../testing/call-by-hand.ts';
import type { HandAnswer, HandRequest } from '../testing/open-stream.ts';
import * as twins from '../testing/twin-gateways.ts';
import {
  bodyOf,
  outcomeKeys,
  startTwinGateways,
  type TwinGateways,
  type Variant,
  type Way,
  ways,
} from '../testing/twin-gateways.ts';

let gateways: TwinGateways;
beforeAll(async () => {
  gateways = await startTwinGateways();
});
afterAll(() => gateways[Symbol.asyncDispose]());

const requestOf = (way: Way, variant: Variant) => twins.requestOf(way, gateways.token, variant);

async function expectSame(request: HandRequest): Promise<void> {
  const [lean, plain] = await gateways.exchange(request);
  expect(readable(lean)).toEqual(readable(plain));
}

function readable(answer: HandAnswer) {
  return { ...answer, body: answer.body.toString('latin1') };
}

describe.each(ways)('the lean handler over $wire and HTTP/$httpVersion', (way) => {
  const { wire } = way;
  const isFramed = wire.startsWith('grpc');
  const framed = (bytes: Buffer, flag = 0) => (isFramed ? grpcFrame(bytes, flag) : bytes);

  it.each(outcomeKeys)('answers the outcome %s as Connect does', async (key) => {
    const accept = { 'accept-encoding': 'gzip', 'grpc-accept-encoding': 'identity,deflate,gzip' };
    await expectSame(requestOf(way, { key }));
    await expectSame(requestOf(way, { key, headers: { ...accept, origin: 'https://example.com' } }));
  });

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
    const kinds = [
      '{"clientOrderId":"ok","terms":{"type":"ORDER_TYPE_STOP","stopPrice":"9.5","timeInForce":"TIME_IN_FORCE_DAY"}}',
      '{"terms":{"trailAmount":"1","trailPercent":"1"}}',
      '{"terms":{"trailPercent":1}}',
      '{"terms":{"expireTime":"2026-12-24T18:00:00.5+01:00","slide":true}}',
      '{"terms":{"expireTime":"tomorrow"}}',
      '{"terms":{"selfTradePrevention":"SELF_TRADE_PREVENTION_NONE"}}',
    ];
    for (const text of [...json, ...more, ...kinds])
      await expectSame(requestOf(way, { body: framed(Buffer.from(text)) }));
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
    const tooLong = await gateways.exchange(long(70_000));
    expect(tooLong.map(({ status }) => status)[0]).toBe(tooLong[1]?.status);
  });

  it('refuses the same callers', async () => {
    const expired = await gateways.upstream.identity.userToken({ expiresInSeconds: -60 });
    const roleless = await gateways.upstream.identity.userToken({ roles: [] });
    const sent = [
      '',
      'Bearer x',
      `bearer ${gateways.token}`,
      `Bearer  ${gateways.token}`,
      `Basic ${gateways.token}`,
      `Bearer ${gateways.token}x`,
    ];
    for (const authorization of [...sent, `Bearer ${expired}`, `Bearer ${roleless}`]) {
      await expectSame(requestOf(way, { headers: { authorization } }));
      await expectSame(requestOf(way, { headers: { authorization }, body: framed(Buffer.from('{')) }));
    }
  });

  it('reads the same deadlines', async () => {
    const name = isFramed ? 'grpc-timeout' : 'connect-timeout-ms';
    const unit = isFramed ? 'm' : '';
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
    const [lean, plain] = await gateways.exchange(requestOf(way, { headers: { 'x-request-id': 'not one!' } }));
    for (const answer of [lean, plain]) expect(answer.headers.join()).toMatch(/x-request-id: [0-9a-f]{32}/);
  });
});
