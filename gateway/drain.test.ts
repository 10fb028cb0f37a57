import http2 from 'node:http2';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { describe, expect, it } from 'vitest';
import { MarketService, StreamEndReason } from '#gen/outcry/market/v1/market_pb.ts';
import { startTestGateway } from './testing/start-test-gateway.ts';

const transports = {
  connect: (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  'gRPC-web': (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' }),
  gRPC: (baseUrl: string) => createGrpcTransport({ baseUrl }),
};

describe('a gateway that drains', () => {
  it.each(Object.entries(transports))(
    'ends streams over %s with what to resume from when it drains',
    async (_, transportOf) => {
      const gateway = await startTestGateway({
        async *streamQuotes() {
          yield { epoch: 'e', sequence: 6n, message: { case: 'heartbeat', value: { resumeToken: 'after 6' } } };
          yield { epoch: 'e', sequence: 7n, message: { case: 'quote', value: { symbol: 'A' } } };
          await new Promise(() => {});
        },
      });
      const messages: unknown[] = [];
      let draining: PromiseLike<void> | undefined;
      for await (const message of createClient(MarketService, transportOf(gateway.url)).streamQuotes({
        symbols: ['A'],
      })) {
        messages.push(message);
        if (messages.length === 2) draining = gateway[Symbol.asyncDispose]();
      }
      await draining;
      expect(messages.slice(2)).toMatchObject([
        {
          epoch: 'e',
          sequence: 7n,
          message: { case: 'end', value: { resumeToken: 'after 6', reason: StreamEndReason.SHUTDOWN } },
        },
      ]);
    },
  );

  it('closes an HTTP/2 connection in order when it drains', async () => {
    const gateway = await startTestGateway();
    const session = http2.connect(gateway.url);
    await new Promise<void>((resolve) => session.once('connect', () => resolve()));
    const closed = new Promise<void>((resolve) => session.once('close', () => resolve()));
    await gateway[Symbol.asyncDispose]();
    await closed;
  });
});
