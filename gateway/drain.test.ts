import http2 from 'node:http2';
import { createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { describe, expect, it } from 'vitest';
import { MarketService, StreamEndReason, type StreamTradesResponse } from '#gen/outcry/market/v1/market_pb.ts';
import { readPositions } from '#platform/stream/resume-token.ts';
import { createFakeMarket } from './testing/fake-market.ts';
import { startTestGateway } from './testing/start-test-gateway.ts';

const transports = {
  connect: (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  'gRPC-web': (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' }),
  gRPC: (baseUrl: string) => createGrpcTransport({ baseUrl }),
};

describe('a gateway that drains', () => {
  it.each(Object.entries(transports))(
    'ends streams that it shares over %s with the position of each symbol',
    async (_, transportOf) => {
      const market = createFakeMarket();
      const gateway = await startTestGateway(market.fakes);
      const messages: StreamTradesResponse['message'][] = [];
      const client = createClient(MarketService, transportOf(gateway.url));
      const position = { symbol: 'A', epoch: 'epoch-1', sequence: 1n };
      let draining: PromiseLike<void> | undefined;
      for await (const { message } of client.streamTrades({ symbols: ['A', 'B'], positions: [position] })) {
        messages.push(message);
        if (message.case === 'heartbeat') market.move('A', 'B', 'A');
        if (messages.length === 4) draining = gateway[Symbol.asyncDispose]();
      }
      await draining;
      expect(messages.map(({ case: kind }) => kind)).toEqual(['heartbeat', 'trade', 'trade', 'trade', 'end']);
      const end = messages.at(-1);
      expect(end).toMatchObject({ value: { reason: StreamEndReason.SHUTDOWN } });
      const token = end?.case === 'end' ? end.value.resumeToken : '';
      const sequences = [...readPositions(token, [])].map(([symbol, { sequence }]) => `${symbol} ${sequence}`);
      expect(sequences.toSorted()).toEqual(['A 3', 'B 2']);
    },
  );

  it.each(Object.entries(transports))(
    'ends streams that it forwards over %s with the newest token of the service',
    async (_, transportOf) => {
      const streams = {
        async *streamQuotes() {
          yield { epoch: 'e', sequence: 6n, message: { case: 'heartbeat', value: { resumeToken: 'after 6' } } };
          yield { epoch: 'e', sequence: 7n, message: { case: 'quote', value: { symbol: 'A' } } };
          await new Promise(() => {});
        },
      };
      const gateway = await startTestGateway(streams, { sharesStreams: false });
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
