import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import { logInAdmin } from '../support/market.ts';
import { refusalOf } from '../support/refusal.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);

type Lease = { name: string; holder: string; token: string; remaining: string };
type Described = {
  service: string;
  failure?: string;
  process?: {
    name: string;
    role: string;
    leases?: Lease[];
    feeds?: { feed: string; behind?: string }[];
    queues?: { queue: string }[];
    outbox?: object;
  };
};
type Found = { service: string; process: string; call: { method: string; duration: string; traceId: string } };

describe('OperationsService', () => {
  it('shows an administrator who holds what in each service, and how far its followers are', async () => {
    const admin = await logInAdmin(client, shared);
    await eventually(async () => {
      const { services } = (await admin.call('OperationsService/DescribeServices')) as { services: Described[] };
      expect(services.filter(({ failure }) => failure !== undefined)).toEqual([]);
      expect(services.length).toBeGreaterThan(10);
      const processOf = (service: string) => services.find((one) => one.service === service)?.process;
      expect(processOf('order')).toMatchObject({ name: 'order-0', role: 'PROCESS_ROLE_STABLE' });
      for (const [service, lease] of [
        ['exchange', 'exchange-shard-0'],
        ['ledger', 'feed.exchange.0'],
        ['order', 'feed.exchange.0'],
        ['portfolio', 'feed.ledger'],
      ] as const) {
        const found = processOf(service)?.leases?.find(({ name }) => name === lease);
        expect(found?.holder, `${lease} of ${service}`).not.toBe('');
        expect(Number.parseFloat(found?.remaining ?? '0'), `${lease} of ${service}`).toBeGreaterThan(0);
      }
      for (const service of ['ledger', 'order']) {
        expect(processOf(service)?.feeds?.find(({ feed }) => feed === 'exchange.0')?.behind).toBeDefined();
        expect(processOf(service)?.outbox).toBeDefined();
      }
      expect(processOf('notification')?.queues?.map(({ queue }) => queue)).toContain('notification.facts');
    });
  });

  it('has the slowest calls of the gateway and of services in their order', async () => {
    const admin = await logInAdmin(client, shared);
    const { calls } = (await admin.call('OperationsService/FindSlowCalls', { callsMax: 200 })) as { calls: Found[] };
    const services = new Set(calls.map(({ service }) => service));
    for (const service of ['gateway', 'user']) expect(services).toContain(service);
    const seconds = calls.map(({ call }) => Number.parseFloat(call.duration));
    expect(seconds).toEqual(seconds.toSorted((one, other) => other - one));
    for (const { call } of calls) expect(call.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(calls.filter(({ call }) => call.method.startsWith('grpc.'))).toEqual([]);
  });

  it('is refused to a user', async () => {
    const user = await registerInvestor(client, '');
    for (const rpc of ['OperationsService/DescribeServices', 'OperationsService/FindSlowCalls']) {
      expect(await refusalOf(user.call(rpc))).toMatchObject({ reason: 'ROLE_NOT_ALLOWED' });
    }
  });
});
