import net from 'node:net';
import { create } from '@bufbuild/protobuf';
import { BytesValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import { afterEach, describe, expect, it } from 'vitest';
import { ErrorInfoSchema } from '#gen/google/rpc/error_details_pb.ts';
import { Health } from '#gen/health/v1/health_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { refused } from '#platform/errors/outcry-error.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { type Fakes, startTestGateway, type TestGateway } from './testing/start-test-gateway.ts';

let running: TestGateway | undefined;
afterEach(async () => {
  await running?.[Symbol.asyncDispose]();
  running = undefined;
});

async function start(...options: Parameters<typeof startTestGateway>): Promise<TestGateway> {
  running = await startTestGateway(...options);
  return running;
}

const transports = {
  connect: (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  'connect over HTTP/2': (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '2' }),
  'gRPC-web': (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: '1.1' }),
  gRPC: (baseUrl: string) => createGrpcTransport({ baseUrl }),
};

describe.each(Object.entries(transports))('the gateway over %s', (_, transportOf) => {
  let hasFirstState = Promise.withResolvers<void>();
  const fakes: Fakes = {
    getInstrument: async ({ symbol }: { symbol: string }) => ({ instrument: { symbol } }),
    async *streamQuotes({ symbols }: { symbols: string[] }, { signal }) {
      yield* quotesOf(symbols, hasFirstState.promise);
      await whenAborted(signal);
    },
    placeOrder: async () => {
      throw refused(ErrorReason.CASH_INSUFFICIENT, 'too little cash', { needed: '10.00', available: '1.00' });
    },
  };

  it('forwards a unary call', async () => {
    const { url } = await start(fakes);
    const answer = await createClient(MarketService, transportOf(url)).getInstrument({ symbol: 'ACME' });
    expect(answer.instrument?.symbol).toBe('ACME');
  });

  it.each([true, false])('sends a stream message by message; shared: %s', async (sharesStreams) => {
    hasFirstState = Promise.withResolvers<void>();
    const { url } = await start(fakes, { sharesStreams });
    const client = createClient(MarketService, transportOf(url));
    const prices: string[][] = [];
    for await (const { message } of client.streamQuotes({ symbols: ['A', 'B'] })) {
      const quotes = message.case === 'snapshot' ? message.value.quotes : [];
      if (message.case === 'quote') quotes.push(message.value);
      prices.push(quotes.map(({ symbol, lastPrice }) => `${symbol} ${lastPrice}`));
      hasFirstState.resolve();
      if (prices.length === 3) break;
    }
    expect(prices[0]).toEqual(['A 1', 'B 1']);
    expect(prices.slice(1).flat().toSorted()).toEqual(['A 2', 'B 2']);
  });

  it('passes a refusal on with its reason and numbers', async () => {
    const { url, identity } = await start(fakes);
    const headers = { authorization: `Bearer ${await identity.userToken()}` };
    const call = createClient(OrderService, transportOf(url)).placeOrder({}, { headers });
    const error = ConnectError.from(await call.catch((reason: unknown) => reason));
    const [info] = error.findDetails(ErrorInfoSchema);
    expect(info).toMatchObject({ reason: 'CASH_INSUFFICIENT', domain: 'outcry', metadata: { needed: '10.00' } });
  });

  it('refuses bytes that are no message with INVALID_ARGUMENT and a reason', async () => {
    const { url } = await start(fakes);
    const transport = transportOf(url);
    const broken = { ...transport, unary: brokenUnary(transport) };
    const call = createClient(MarketService, broken).getInstrument({ symbol: 'ACME' });
    const error = ConnectError.from(await call.catch((reason: unknown) => reason));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.findDetails(ErrorInfoSchema)[0]?.reason).toBe('MALFORMED_MESSAGE');
  });

  it('refuses a caller without a token before it calls the service', async () => {
    const gateway = await start(fakes);
    const call = createClient(OrderService, transportOf(gateway.url)).placeOrder({});
    const error = ConnectError.from(await call.catch((reason: unknown) => reason));
    expect(error.findDetails(ErrorInfoSchema)[0]?.reason).toBe('TOKEN_MISSING');
    expect(gateway.received.filter(({ method }) => method === 'PlaceOrder')).toEqual([]);
  });
});

/** The quotes of the symbols at once, then a change of each: a reader who joins later would have it in its first state. */
async function* quotesOf(symbols: readonly string[], hasFirstState: Promise<void>) {
  const quotesAt = (lastPrice: string) => symbols.map((symbol) => ({ symbol, lastPrice }));
  yield { epoch: 'e', sequence: 1n, message: { case: 'snapshot', value: { quotes: quotesAt('1') } } };
  await hasFirstState;
  for (const value of quotesAt('2')) yield { epoch: 'e', sequence: 2n, message: { case: 'quote', value } };
}

function whenAborted(signal: AbortSignal): Promise<unknown> {
  return signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener('abort', resolve));
}

// Sends Quote-like bytes whose first field claims more bytes than there are.
function brokenUnary(transport: Transport): Transport['unary'] {
  return (method, signal, timeoutMs, header, _, contextValues) => {
    const truncated = create(BytesValueSchema, {});
    truncated.$unknown = [{ no: 1, wireType: 2, data: new Uint8Array([0xff, 0x01, 0x41]) }];
    const input = { ...method, input: BytesValueSchema } as unknown as typeof method;
    return transport.unary(input, signal, timeoutMs, header, truncated as never, contextValues);
  };
}

describe('the gateway', () => {
  it('ends the stream of the service when the reader leaves', async () => {
    const left = Promise.withResolvers<void>();
    const { url } = await start({
      async *streamQuotes(_, { signal }) {
        signal.addEventListener('abort', () => left.resolve(), { once: true });
        yield { message: { case: 'heartbeat', value: {} } };
        await new Promise(() => {});
      },
    });
    const stop = new AbortController();
    const client = createClient(MarketService, transports.connect(url));
    for await (const _ of client.streamQuotes({ symbols: ['A'] }, { signal: stop.signal })) break;
    stop.abort();
    await left.promise;
  });

  it('passes the user, the request id and the trace on, and answers with the request id', async () => {
    const gateway = await start();
    const token = await gateway.identity.userToken({ email: 'a@example.com' });
    const response = await fetch(`${gateway.url}/outcry.order.v1.OrderService/GetOrder`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-request-id': 'my-request-1' },
      body: '{}',
    });
    expect(response.headers.get('x-request-id')).toBe('my-request-1');
    const { context } = gateway.received.find(({ method }) => method === 'GetOrder') ?? {};
    expect(context?.caller.user?.email).toBe('a@example.com');
    expect(context?.caller.service).toBe('gateway');
    expect(context?.requestId).toBe('my-request-1');
  });

  it('states the address of the connection, whatever address the caller sends', async () => {
    const gateway = await start();
    const headers = {
      'content-type': 'application/json',
      'x-outcry-client-address': '203.0.113.7',
      'x-forwarded-for': '203.0.113.8',
    };
    await fetch(`${gateway.url}/outcry.market.v1.MarketService/GetInstrument`, { method: 'POST', headers, body: '{}' });
    expect(gateway.received.find(({ method }) => method === 'GetInstrument')?.context.clientAddress).toBe('127.0.0.1');
  });

  it('gives a call without a deadline one of its own', async () => {
    const gateway = await start();
    const client = createClient(MarketService, transports.connect(gateway.url));
    await client.getInstrument({ symbol: 'A' });
    const { context } = gateway.received.find(({ method }) => method === 'GetInstrument') ?? {};
    expect((context?.deadlineTimeMs ?? 0) - Date.now()).toBeLessThanOrEqual(10_000);
  });

  it('refuses a caller over its rate with the time to retry after', async () => {
    const { url } = await start({}, { callsPerSecondMax: 0.01, callsBurstMax: 2 });
    const client = createClient(MarketService, transports.connect(url));
    await client.getInstrument({});
    await client.getInstrument({});
    const error = ConnectError.from(await client.getInstrument({}).catch((reason: unknown) => reason));
    expect(error.findDetails(ErrorInfoSchema)[0]?.reason).toBe('RATE_LIMITED');
  });

  it('answers a preflight request and lets scripts read the answer', async () => {
    const { url } = await start();
    const headers = { origin: 'https://example.com', 'access-control-request-method': 'POST' };
    const response = await fetch(`${url}/outcry.market.v1.MarketService/GetInstrument`, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toMatch(/Authorization/);
  });

  it('serves the icon, the API description and the keys', async () => {
    const { url, identity } = await start();
    expect((await fetch(`${url}/favicon.ico`)).headers.get('content-type')).toMatch(/svg/);
    expect(await (await fetch(`${url}/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0' });
    expect(await (await fetch(`${url}/.well-known/jwks.json`)).json()).toEqual(identity.jwks);
    expect((await fetch(`${url}/no/such/page`)).status).toBe(404);
    expect((await fetch(`${url}/openapi.json`, { method: 'DELETE' })).status).toBe(405);
  });

  it('reports its own health and that of each service behind it, and reflects the contracts', async () => {
    const { url } = await start();
    const health = createClient(Health, createGrpcTransport({ baseUrl: url }));
    expect((await health.check({ service: '' })).status).toBe(1);
    // It is ready once the user service is; it watches each of the others by a stream of its own.
    const service = 'outcry.market.v1.MarketService';
    await eventually(async () => expect((await health.check({ service })).status).toBe(1));
    const stop = new AbortController();
    for await (const { status } of health.watch({ service: '' }, { signal: stop.signal })) {
      expect(status).toBe(1);
      break;
    }
    stop.abort();
  });

  it('survives connections that send nothing, garbage, or half a preface', async () => {
    const { port, url } = await start();
    for (const bytes of [
      '',
      'PR',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\ngarbage',
      '\x16\x03\x01\x00',
      'GET / HTTP/9.9\r\n\r\n',
    ]) {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => {});
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
      socket.destroy();
    }
    expect((await fetch(`${url}/favicon.ico`)).status).toBe(200);
  });

  it('refuses a body over its limit', async () => {
    const { url } = await start();
    const client = createClient(MarketService, transports.connect(url));
    const error = await client.getInstrument({ symbol: 'x'.repeat(100_000) }).catch((reason: unknown) => reason);
    expect(ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason).toBe('MESSAGE_TOO_LARGE');
  });
});
