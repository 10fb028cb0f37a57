import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenTestDatabase, openTestDatabase } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { type FaultProxy, startProxyBefore } from '#platform/testing/faults/fault-proxy.ts';
import { acme, newOrder, readFeed } from '../../testing/requests.ts';
import { startExchange, type TestExchange } from '../../testing/running-exchange.ts';

let journal: OpenTestDatabase;
let proxy: FaultProxy;
let exchange: TestExchange;

beforeEach(async () => {
  journal = await openTestDatabase();
  proxy = await startProxyBefore(journal.url);
  exchange = await startExchange(proxy.through(journal.url), { leaseTtlMs: 1_000 });
  await exchange.exchange.served;
  await exchange.market.listSymbol({ listing: acme });
});
afterEach(async () => {
  await exchange[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await journal[Symbol.asyncDispose]();
});

describe('an exchange without a standby', () => {
  it('goes on each time that its connections to the database freeze', { timeout: 120_000 }, async () => {
    const submitted: string[] = [];
    /** Sends one order until it has its outcome. */
    const submit = async () => {
      const order = newOrder('buy');
      submitted.push(String(order.orderId));
      await eventually(() => exchange.order.submit({ orders: [order] }, { timeoutMs: 1_500 }), { timeoutMs: 40_000 });
    };
    await submit();
    for (let round = 1; round <= 3; round += 1) {
      proxy.freeze();
      await submit();
      await submit();
    }
    const head = exchange.exchange.deps.replicas.get(0)?.progress().sequence ?? 0;
    const events = await readFeed(exchange, 0n, BigInt(head));
    const accepted = events.flatMap(({ event }) => (event.case === 'accepted' ? [event.value.order?.orderId] : []));
    expect(accepted).toEqual(submitted);
  });
});
