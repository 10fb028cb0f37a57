import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ServerReflection } from '#gen/grpc/reflection/v1/reflection_pb.ts';
import { Health } from '#gen/health/v1/health_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { eventually } from '#platform/testing/eventually.ts';
import {
  callByHand,
  type Protocol,
  pathTo,
  streamProtocols,
  timeoutHeader,
  unaryProtocols,
} from '../testing/call-by-hand.ts';
import { type Fakes, startTestGateway, type TestGateway } from '../testing/start-test-gateway.ts';

const getInstrument = pathTo(MarketService.method.getInstrument);
const streamQuotes = pathTo(MarketService.method.streamQuotes);
const cancelOrder = pathTo(OrderService.method.cancelOrder);
const passed = { code: Code.DEADLINE_EXCEEDED, reason: 'DEADLINE_EXPIRED' };
const ways = [
  ...unaryProtocols.map((protocol) => [protocol, getInstrument] as const),
  ...streamProtocols.map((protocol) => [protocol, streamQuotes] as const),
];

let gateway: TestGateway;
let calls = 0;
let isSlow = false;
let cancellations: unknown[] = [];

// Answers at once, or never: then it notes why it was ended.
async function answer(signal: AbortSignal): Promise<void> {
  if (!isSlow) return;
  signal.addEventListener('abort', () => cancellations.push(signal.reason), { once: true });
  await new Promise(() => {});
}

beforeAll(async () => {
  const fakes: Fakes = {
    async getInstrument({ symbol }, { signal }) {
      await answer(signal);
      return { instrument: { symbol } };
    },
    async cancelOrder(_, { signal }) {
      await answer(signal);
      return {};
    },
    async *streamQuotes(_, { signal }) {
      yield { message: { case: 'heartbeat', value: {} } };
      await answer(signal);
    },
  };
  // A shared stream reaches the market without the deadlines of its readers; that it ends at them is compared in the fan-out's tests.
  gateway = await startTestGateway(fakes, { sharesStreams: false });
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => {
  isSlow = false;
  cancellations = [];
});

function call(protocol: Protocol, path: string, timeout: string) {
  calls += 1;
  // No two reads by GET are the same: they would share one answer.
  const json = protocol === 'GET' ? { symbol: `S${calls}` } : {};
  return callByHand(gateway, protocol, { path, json, headers: { [timeoutHeader(protocol)]: timeout } });
}

// The same time in the words of the protocol.
function timeoutText(protocol: Protocol, timeoutMs: number): string {
  return protocol.startsWith('gRPC') ? `${timeoutMs}m` : String(timeoutMs);
}

describe.each(ways)('a deadline over %s of %s', (protocol, path) => {
  const long = protocol.startsWith('gRPC')
    ? ['2147483S', '2147484S', '2592000S', '99999999S', '99999999M', '99999999H']
    : ['2147483647', '2147483648', '2592000000', '4294967297', '9999999999'];
  const illegal = protocol.startsWith('gRPC')
    ? ['123456789S', '-1S', '5', '5s', 'soon', '1.5S']
    : ['12345678901', '-1', '5S', 'soon', '1.5', '0x10'];

  it.each(long)('of %s leaves the call running', async (timeout) => {
    expect(await call(protocol, path, timeout)).toMatchObject({ code: Code.OK, http: 200 });
  });

  it.each([0, 1, 2, 5, 20])('of %d ms that passes is DEADLINE_EXCEEDED', async (timeoutMs) => {
    isSlow = true;
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const outcome = await call(protocol, path, timeoutText(protocol, timeoutMs));
      expect(outcome).toMatchObject(passed);
      expect(outcome.http).toBe(['json', 'proto', 'GET'].includes(protocol) ? 504 : 200);
    }
  });

  it.each(illegal)('is INVALID_ARGUMENT when it is %s', async (timeout) => {
    const outcome = await call(protocol, path, timeout);
    expect(outcome).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'MALFORMED_MESSAGE' });
  });

  it('that had passed when the call came reaches no service', async () => {
    gateway.received.length = 0;
    expect(await call(protocol, path, timeoutText(protocol, 0))).toMatchObject(passed);
    expect(gateway.received).toEqual([]);
  });
});

describe('the deadline of a call', () => {
  it('reaches the service as the caller gave it to a stream, and no later than 30 s for one answer', async () => {
    gateway.received.length = 0;
    await call('json', getInstrument, '9999999999');
    await call('connect stream', streamQuotes, '9999999999');
    const leftMs = gateway.received.map(({ context }) => context.deadlineTimeMs - Date.now());
    expect(leftMs[0]).toBeLessThanOrEqual(30_000);
    expect(leftMs[1]).toBeGreaterThan(9_999_900_000);
  });

  it('ends the call at the service', async () => {
    isSlow = true;
    await Promise.all([call('json', getInstrument, '3000'), call('gRPC', streamQuotes, '3000m')]);
    await eventually(() => expect(cancellations).toHaveLength(2));
  });

  it('is answered though the request never ends', async () => {
    const headers = { 'content-type': 'application/json', 'connect-timeout-ms': '50' };
    const status = await new Promise((resolve, reject) => {
      const request = http.request(`${gateway.url}${getInstrument}`, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.write('{');
    });
    expect(status).toBe(504);
  });

  it('holds for health and reflection', async () => {
    const watch = await call('gRPC', pathTo(Health.method.watch), '20m');
    expect(watch).toMatchObject(passed);
    const reflection = await call('gRPC', pathTo(ServerReflection.method.serverReflectionInfo), '0m');
    expect(reflection).toMatchObject(passed);
  });

  it('is not what ends the call of a caller that goes away: the service sees CANCELLED', async () => {
    isSlow = true;
    const leave = new AbortController();
    const headers = { authorization: `Bearer ${await gateway.identity.userToken()}`, 'connect-timeout-ms': '60000' };
    // Not PlaceOrder: an order that was sent with others goes on, and is answered by its key.
    const left = callByHand(gateway, 'json', { path: cancelOrder, headers, signal: leave.signal }).catch(() => 'left');
    await eventually(() => expect(gateway.received.some(({ method }) => method === 'CancelOrder')).toBe(true));
    leave.abort();
    expect(await left).toBe('left');
    await eventually(() => expect(cancellations).toMatchObject([{ code: Code.CANCELLED }]));
  });
});
