import { afterAll, beforeAll, describe, test } from 'vitest';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { clientKinds, createTestClient } from '../support/clients.ts';
import { hasGrpcurl } from '../support/grpcurl-client.ts';
import { liveInvestorsDay } from '../support/investors-day.ts';
import { requireOrSkip } from '../support/require-or-skip.ts';

// Each client has a symbol of its own, so that the days do not move each other's prices.
const symbols = ['ACME', 'BOLT', 'CIRR', 'DELV', 'EVER'];

describe.each([
  { replicas: 'one of each', flags: [] },
  { replicas: 'two of each', flags: ['--replicas', 'order=2,ledger=2,market=2,portfolio=2,user=2,gateway=2'] },
])("an investor's day with $replicas", ({ flags }) => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await startSystem({ flags });
  }, 120_000);
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]();
  }, 90_000);

  const cases = clientKinds.map((kind, index) => ({ kind, index }));
  test.for(cases)('passes through $kind', { timeout: 180_000 }, async ({ kind, index }, context) => {
    if (kind === 'grpcurl') requireOrSkip(context, hasGrpcurl(), 'grpcurl is not installed');
    const gatewayUrl = system.gatewayUrls[index % system.gatewayUrls.length] ?? '';
    await liveInvestorsDay(createTestClient(kind, gatewayUrl), system.admin, symbols[index] ?? 'ACME');
  });
});
