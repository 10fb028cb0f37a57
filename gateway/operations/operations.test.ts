import { type Client, Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OperationsService } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import type { Role } from '#platform/auth/claims.ts';
import { freePort } from '#platform/testing/free-port.ts';
import { pause } from '#platform/time/pause.ts';
import { needs } from '../needs.ts';
import { type OpenGateway, openTestGateway } from '../testing/start-test-gateway.ts';
import { startTestUpstream, type TestUpstream } from '../testing/start-test-upstream.ts';

const slowMs = 300;
const slowCall = (seconds: number) => ({
  method: 'a.B/C',
  duration: { seconds: BigInt(seconds), nanos: 0 },
  code: 'OK',
});

let upstream: TestUpstream;
let gateway: OpenGateway;
beforeAll(async () => {
  upstream = await startTestUpstream({
    describe: async () => ({
      process: {
        service: 'fake',
        name: 'fake-0',
        leases: [{ name: 'feed.exchange.0', holder: 'fake-0', token: 3n, remaining: { seconds: 2n, nanos: 0 } }],
        slowCalls: [slowCall(40), slowCall(60)],
      },
    }),
    placeOrder: () => pause(slowMs).then(() => ({})),
    getInstrument: () => pause(slowMs).then(() => ({})),
  });
  gateway = await openTestGateway(upstream.address);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

async function clientAs(role: Role, { url } = gateway): Promise<Client<typeof OperationsService>> {
  const token = await upstream.identity.userToken({ roles: [role] });
  const authorize: Interceptor = (next) => (request) => {
    request.header.set('authorization', `Bearer ${token}`);
    return next(request);
  };
  return createClient(OperationsService, createGrpcTransport({ baseUrl: url, interceptors: [authorize] }));
}

describe('DescribeServices', () => {
  it('has a row for each service, by name, with what its process says', async () => {
    const { services } = await (await clientAs('operator')).describeServices({});
    expect(services.map(({ service }) => service)).toEqual([...needs.calls, 'gateway'].toSorted());
    expect(services.filter(({ failure }) => failure !== '')).toEqual([]);
    const ledger = services.find(({ service }) => service === 'ledger')?.process;
    expect(ledger?.leases[0]).toMatchObject({ name: 'feed.exchange.0', holder: 'fake-0', token: 3n });
    expect(ledger?.slowCalls).toEqual([]);
    expect(services.find(({ service }) => service === 'gateway')?.process?.service).toBe('gateway');
  });

  it('says which services do not answer, and has the others', async () => {
    await using silent = await startTestUpstream({ describe: () => new Promise(() => {}) });
    const addresses = { audit: silent.address, auto: `ipv4:127.0.0.1:${await freePort()}` };
    await using partial = await openTestGateway(upstream.address, {}, { addresses });
    const operator = await clientAs('operator', partial);
    const [{ services }, { silentServices }] = await Promise.all([
      operator.describeServices({}),
      operator.findSlowCalls({}),
    ]);
    const failures = services.filter(({ failure }) => failure !== '');
    expect(failures.map(({ service, failure, process }) => [service, failure, process])).toEqual([
      ['audit', 'DEADLINE_EXCEEDED', undefined],
      ['auto', expect.stringMatching(/^(UNAVAILABLE|DEADLINE_EXCEEDED)$/), undefined],
    ]);
    expect(services).toHaveLength(needs.calls.length + 1);
    expect(silentServices).toEqual(['audit', 'auto']);
  });
});

describe('OperationsService', () => {
  it.each(['describeServices', 'findSlowCalls'] as const)('answers %s to staff alone', async (rpc) => {
    for (const role of ['operator', 'admin'] as const) await (await clientAs(role))[rpc]({});
    const codeOf = async (call: Promise<unknown>) =>
      ConnectError.from(await call.catch((error: unknown) => error)).code;
    expect(await codeOf((await clientAs('user'))[rpc]({}))).toBe(Code.PermissionDenied);
    const transport = createConnectTransport({ baseUrl: gateway.url, httpVersion: '1.1' });
    expect(await codeOf(createClient(OperationsService, transport)[rpc]({}))).toBe(Code.Unauthenticated);
  });
});

describe('FindSlowCalls', () => {
  it('has the slowest of all processes, the slowest first', async () => {
    const { calls, silentServices } = await (await clientAs('operator')).findSlowCalls({ callsMax: 13 });
    expect(calls.map(({ call }) => call?.duration?.seconds)).toEqual([...Array(11).fill(60n), 40n, 40n]);
    expect(calls[0]).toMatchObject({ process: 'fake-0', call: { method: 'a.B/C', code: 'OK' } });
    expect(silentServices).toEqual([]);
  });

  it('has calls of the lean handler and of Connect, as their callers saw them, with their request ids', async () => {
    const token = await upstream.identity.userToken();
    const headers = (id: string) => ({ authorization: `Bearer ${token}`, 'x-request-id': id });
    const transport = createConnectTransport({ baseUrl: gateway.url, httpVersion: '1.1' });
    await createClient(OrderService, transport).placeOrder({}, { headers: headers('lean-1') });
    await createClient(MarketService, transport).getInstrument({ symbol: 'A' }, { headers: headers('connect-1') });
    const { calls } = await (await clientAs('operator')).findSlowCalls({ callsMax: 200 });
    const own = calls.flatMap(({ service, call }) => (service === 'gateway' && call ? [call] : []));
    const slow = own.filter(({ requestId }) => /^(lean|connect)-1$/.test(requestId));
    // The fakes are in the gateway's process, which so has each call twice: as it came, and as it was passed on.
    expect(slow.map(({ requestId, method }) => `${requestId} ${method}`).toSorted()).toEqual([
      'connect-1 outcry.market.v1.MarketService/GetInstrument',
      'connect-1 outcry.market.v1.MarketService/GetInstrument',
      'lean-1 outcry.order.v1.OrderService/PlaceOrder',
      'lean-1 outcry.order.v1.OrderService/PlaceOrder',
    ]);
    for (const { code, traceId, duration } of slow) {
      expect([code, traceId]).toEqual(['OK', expect.stringMatching(/^[0-9a-f]{32}$/)]);
      expect(duration?.nanos).toBeGreaterThan(0.9 * slowMs * 1e6);
    }
  });

  it('refuses a number of calls out of range', async () => {
    const operator = await clientAs('operator');
    for (const callsMax of [-1, 201]) {
      await expect(operator.findSlowCalls({ callsMax })).rejects.toMatchObject({ code: Code.InvalidArgument });
    }
  });
});
