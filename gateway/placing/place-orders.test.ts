import { afterEach, describe, expect, it } from 'vitest';
import { OrderService } from '#gen/outcry/order/v1/order_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { callByHand, type Outcome, pathTo } from '../testing/call-by-hand.ts';
import { openTestGateway } from '../testing/start-test-gateway.ts';
import { type Fakes, startTestUpstream } from '../testing/start-test-upstream.ts';

const resources: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of resources.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});

async function start(fakes: Fakes, options: { hasGroups?: boolean } = {}) {
  const upstream = await startTestUpstream(fakes, options);
  resources.push(upstream);
  const gateway = await openTestGateway(upstream.address);
  resources.push(gateway);
  const place = async (clientOrderId: string, headers: Record<string, string> = {}): Promise<Outcome> => {
    const authorization = `Bearer ${await upstream.identity.userToken()}`;
    const call = {
      path: pathTo(OrderService.method.placeOrder),
      headers: { authorization, ...headers },
      json: { clientOrderId },
    };
    return callByHand({ ...gateway, ...upstream }, 'json', call);
  };
  return { upstream, place };
}

describe('PlaceOrder at the gateway', () => {
  it('goes to the order service in groups, each order for its own user with its own trace and time', async () => {
    const { upstream, place } = await start({});
    const outcomes = await Promise.all([
      place('a', { 'x-request-id': 'ra', 'connect-timeout-ms': '3000' }),
      place('b', { 'x-request-id': 'rb' }),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([Code.OK, Code.OK]);
    const orders = upstream.received.filter(({ method }) => method === 'PlaceOrder');
    expect(upstream.groups.reduce((sum, size) => sum + size, 0)).toBe(2);
    expect(orders.map(({ context }) => context.requestId).sort()).toEqual(['ra', 'rb']);
    expect(new Set(orders.map(({ context }) => context.caller.user?.userId)).size).toBe(2);
    for (const { context } of orders) {
      const leftMs = context.deadlineTimeMs - Date.now();
      expect(leftMs).toBeLessThanOrEqual(context.requestId === 'ra' ? 3_000 : 10_000);
    }
  });

  it('answers an order while another of its group is slow', async () => {
    const slow = Promise.withResolvers<object>();
    const { place } = await start({
      placeOrder: ({ clientOrderId }: { clientOrderId: string }) => (clientOrderId === 'slow' ? slow.promise : {}),
    });
    const waiting = place('slow');
    const quick = await Promise.all(['a', 'b', 'c'].map((key) => place(key)));
    expect(quick.map(({ code }) => code)).toEqual([Code.OK, Code.OK, Code.OK]);
    slow.resolve({});
    expect((await waiting).code).toBe(Code.OK);
  });

  it('is sent again under its key when the order service is unavailable', async () => {
    let failures = 2;
    const { upstream, place } = await start({
      async placeOrder() {
        if (failures-- > 0) throw unavailable();
        return {};
      },
    });
    expect((await place('again')).code).toBe(Code.OK);
    await eventually(() => expect(upstream.groups).toEqual([1, 1, 1]));
  });

  it('goes by a call of its own when it asks for a canary, so that the proxies can route it', async () => {
    const { upstream, place } = await start({});
    expect((await place('one', { baggage: 'outcry-canary=order' })).code).toBe(Code.OK);
    expect(upstream.received.filter(({ method }) => method !== 'GetJwks')).toMatchObject([{ method: 'PlaceOrder' }]);
    expect(upstream.groups).toEqual([]);
  });

  it('goes by a call of its own, with its mark, when it is a copy that a proxy has made', async () => {
    const { upstream, place } = await start({});
    expect((await place('one', { baggage: 'outcry-mirrored=1' })).reason).toBe('MIRRORED');
    expect(upstream.received.filter(({ method }) => method !== 'GetJwks')).toEqual([]);
    expect(upstream.groups).toEqual([]);
    expect((await place('one')).code).toBe(Code.OK);
  });

  it('reaches an order service of a release that takes no groups', async () => {
    const { upstream, place } = await start({}, { hasGroups: false });
    expect((await place('old', { 'x-request-id': 'r' })).code).toBe(Code.OK);
    const [order] = upstream.received.filter(({ method }) => method === 'PlaceOrder');
    expect(order?.context.requestId).toBe('r');
    expect(upstream.groups).toEqual([]);
  });
});
