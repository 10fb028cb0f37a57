import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { clientKinds, createTestClient } from '../support/clients.ts';
import { hasGrpcurl } from '../support/grpcurl-client.ts';
import { liveInvestorsDay } from '../support/investors-day.ts';
import { quietHouse } from '../support/shared-system.ts';

// Each client has a symbol of its own, so that the days do not move each other's prices.
const symbols = ['ACME', 'BOLT', 'CIRR', 'DELV', 'EVER'];

/** The day begins in books that have been traded in, like each day after the first. */
async function untilTraded(system: RunningSystem): Promise<void> {
  const client = createTestClient('fetch', system.gatewayUrls[0] ?? '');
  await eventually(
    async () => {
      const { quotes } = await client.call('MarketService/ListQuotes', { symbols });
      for (const quote of quotes as { lastPrice?: string; askPrice?: string }[]) {
        expect(quote.lastPrice).toBeTruthy();
        expect(quote.askPrice).toBeTruthy();
      }
    },
    { timeoutMs: 60_000 },
  );
}

describe.each([
  { replicas: 'one of each', flags: [] },
  { replicas: 'two of each', flags: ['--replicas', 'order=2,ledger=2,market=2,portfolio=2,user=2,gateway=2'] },
])("an investor's day with $replicas", ({ flags }) => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await startSystem({ flags, env: quietHouse });
    await untilTraded(system);
  }, 120_000);
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
  }, 90_000);

  const cases = clientKinds.map((kind, index) => ({ kind, index }));
  // At once: a day waits more than it works.
  it.concurrent.for(cases)('passes through $kind', { timeout: 180_000 }, async ({ kind, index }, context) => {
    if (kind === 'grpcurl') requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
    const gatewayUrl = system.gatewayUrls[index % system.gatewayUrls.length] ?? '';
    await liveInvestorsDay(createTestClient(kind, gatewayUrl), system.admin, symbols[index] ?? 'ACME');
  });
});
