import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from '#platform/telemetry/collector/otlp-receiver.ts';
import type { ReceivedSpan } from '#platform/telemetry/collector/received-span.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { type Investor, limitTerms, marketTerms, registerInvestor } from '../support/investor.ts';
import { edgesOf, spansOf } from '../support/trace-edges.ts';

const shared = inject('sharedSystem');
const client = createTestClient('connect', shared.gatewayUrl);
const path = '/outcry.order.v1.OrderService/PlaceOrder';
const spansMax = 20_000;

let collector: OtlpReceiver;
let investor: Investor;
const spans: ReceivedSpan[] = [];

beforeAll(async () => {
  const onSpans = (more: ReceivedSpan[]) => {
    spans.push(...more);
    spans.splice(0, spans.length - spansMax);
  };
  collector = await startOtlpReceiver({ host: '127.0.0.1', port: inject('collectorPort'), onSpans });
  investor = await registerInvestor(client);
});
afterAll(() => collector?.[Symbol.asyncDispose]());

/** Places an order as a client that takes part in traces does; the ids of its trace. */
async function placeTraced(terms: object, flags = '01'): Promise<{ traceId: string; order: { status: string } }> {
  const traceId = randomUUID().replaceAll('-', '');
  const response = await fetch(`${shared.gatewayUrl}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${investor.token}`,
      traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}`,
    },
    body: JSON.stringify({ clientOrderId: randomUUID(), terms }),
  });
  expect(response.status).toBe(200);
  const { order } = (await response.json()) as { order: { status: string } };
  return { traceId, order };
}

const withEdges = (traceId: string, edges: readonly string[]) =>
  eventually(() => expect([...edgesOf(spansOf(traceId, spans))]).toEqual(expect.arrayContaining([...edges])), {
    // Each process sends its spans once a second, later where a collector was away.
    timeoutMs: 30_000,
  });

describe('the trace of an order', () => {
  it('leads from the call through each service to the journal, the settlement, the fill and its mail', async () => {
    const { traceId, order } = await placeTraced(marketTerms('BUY', 'ACME', '1'));
    expect(order.status).toBe('ORDER_STATUS_FILLED');
    await withEdges(traceId, [
      'gateway PlaceOrder > gateway gateway_orders',
      'gateway gateway_orders > gateway PlaceOrders',
      'gateway PlaceOrders > order PlaceOrders',
      'gateway PlaceOrder > order PlaceOrder',
      'order PlaceOrder > order order_intents',
      'order PlaceOrder > order order_holds',
      'order order_holds > order PlaceHolds',
      'order PlaceHolds > ledger PlaceHolds',
      'ledger PlaceHolds > ledger place_holds',
      'order PlaceOrder > order order_submit_0',
      'order order_submit_0 > order Submit',
      'order Submit > exchange Submit',
      'exchange Submit > exchange exchange_journal',
      'exchange exchange_journal > order apply exchange.0',
      'exchange exchange_journal > ledger apply exchange.0',
      'exchange exchange_journal > notification process notification.facts',
      'exchange exchange_journal > notification send mail',
    ]);
    const root = spans.find((span) => span.traceId === traceId && span.service === 'gateway');
    expect(root).toMatchObject({ parentSpanId: '00f067aa0ba902b7', name: path.slice(1), hasFault: false });
  });

  it('has every step also where orders share their calls and commits', async () => {
    const placed = await Promise.all(
      Array.from({ length: 8 }, () => placeTraced(limitTerms('BUY', 'ACME', '1', '165.00'))),
    );
    for (const { traceId } of placed) {
      await withEdges(traceId, [
        'gateway PlaceOrder > gateway gateway_orders',
        'gateway PlaceOrder > order PlaceOrder',
        'order PlaceOrder > order order_holds',
        'order PlaceOrder > order order_submit_0',
        'exchange Submit > exchange exchange_journal',
        'exchange exchange_journal > order apply exchange.0',
      ]);
    }
    const groups = spans.filter(({ name, links }) => name === 'gateway_orders' && links.length > 0);
    expect(groups.length).toBeGreaterThan(0);
    await investor.call('OrderService/CancelAllOrders');
  });

  it('is not recorded when its caller asks for none', async () => {
    const { traceId } = await placeTraced(limitTerms('BUY', 'ACME', '1', '165.00'), '00');
    const { traceId: after } = await placeTraced(limitTerms('BUY', 'ACME', '1', '165.00'));
    await withEdges(after, ['exchange exchange_journal > order apply exchange.0']);
    expect(spans.filter((span) => span.traceId === traceId)).toEqual([]);
    await investor.call('OrderService/CancelAllOrders');
  });
});
