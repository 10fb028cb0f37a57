/** Callers of PlaceOrder in each protocol that the bench measures. */
import http2 from 'node:http2';
import { create, toBinary } from '@bufbuild/protobuf';
import { PlaceOrderRequestSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { createHttpPool } from '../load/http-pool.ts';

/** How a call ended: with an order, with RESOURCE_EXHAUSTED, or otherwise. */
export type CallEnd = 'placed' | 'refused' | 'failed';

/** Sends calls, also many at once. `call` does not reject. */
export type Caller = Disposable & { call(): Promise<CallEnd> };

/** The protocols. */
export const protocols = ['json', 'proto', 'grpc'] as const;
/** One of them. */
export type Protocol = (typeof protocols)[number];

const path = '/outcry.order.v1.OrderService/PlaceOrder';
const connectionsMax = 4_096;
const grpcSessions = 8;

/** A caller of the server at the port on behalf of the users of the tokens, in turns. */
export function createCaller(protocol: Protocol, port: number, tokens: readonly string[]): Caller {
  return protocol === 'grpc' ? createGrpcCaller(port, tokens) : createHttp1Caller(protocol, port, tokens);
}

function requestOf(number: number) {
  return create(PlaceOrderRequestSchema, {
    clientOrderId: `bench-${number}`,
    terms: {
      symbol: 'ACME',
      side: Side.BUY,
      type: OrderType.LIMIT,
      timeInForce: TimeInForce.GTC,
      size: { case: 'quantity', value: '5' },
      limitPrice: '90.00',
    },
  });
}

function bodyOf(protocol: Protocol, number: number): Buffer {
  const request = requestOf(number);
  if (protocol !== 'json') return Buffer.from(toBinary(PlaceOrderRequestSchema, request));
  const terms = {
    symbol: 'ACME',
    side: 'SIDE_BUY',
    type: 'ORDER_TYPE_LIMIT',
    timeInForce: 'TIME_IN_FORCE_GTC',
    quantity: '5',
    limitPrice: '90.00',
  };
  return Buffer.from(JSON.stringify({ clientOrderId: request.clientOrderId, terms }));
}

function createHttp1Caller(protocol: Protocol, port: number, tokens: readonly string[]): Caller {
  const pool = createHttpPool({
    host: '127.0.0.1',
    port,
    connectionsMax,
    queueLengthMax: 100_000,
    timeoutMs: 20_000,
  });
  let number = 0;
  return {
    async call() {
      number += 1;
      const body = bodyOf(protocol, number);
      const head = [
        `POST ${path} HTTP/1.1`,
        'host: 127.0.0.1',
        `content-type: application/${protocol}`,
        `content-length: ${body.length}`,
        `authorization: Bearer ${tokens[number % tokens.length] ?? ''}`,
      ];
      const request = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
      return pool.send(request).then(
        ({ status }) => (status === 200 ? 'placed' : status === 429 ? 'refused' : 'failed'),
        () => 'failed',
      );
    },
    [Symbol.dispose]: () => pool[Symbol.dispose](),
  };
}

function createGrpcCaller(port: number, tokens: readonly string[]): Caller {
  const sessions = Array.from({ length: grpcSessions }, () => http2.connect(`http://127.0.0.1:${port}`));
  for (const session of sessions) session.on('error', () => {});
  let number = 0;
  return {
    call: () =>
      new Promise((resolve) => {
        number += 1;
        const message = bodyOf('grpc', number);
        const frame = Buffer.alloc(5 + message.length);
        frame.writeUInt32BE(message.length, 1);
        message.copy(frame, 5);
        const session = sessions[number % grpcSessions] as http2.ClientHttp2Session;
        const stream = session.request({
          ':method': 'POST',
          ':path': path,
          'content-type': 'application/grpc',
          te: 'trailers',
          authorization: `Bearer ${tokens[number % tokens.length] ?? ''}`,
        });
        let status: unknown;
        stream.on('trailers', (trailers) => {
          status = trailers['grpc-status'];
        });
        stream.on('error', () => {});
        stream.on('close', () => resolve(status === '0' ? 'placed' : status === '8' ? 'refused' : 'failed'));
        stream.resume();
        stream.end(frame);
      }),
    [Symbol.dispose]() {
      for (const session of sessions) session.destroy();
    },
  };
}
