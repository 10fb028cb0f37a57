import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { audit } from '../support/investors-day.ts';
import type { TestClient } from '../support/test-client.ts';

const patience = { timeoutMs: 30_000 };
// Far more than lies between two changes of prices while the exchange works.
const observedMs = 3_000;
let system: RunningSystem;
let client: TestClient;

beforeAll(async () => {
  system = await startSystem();
  client = createTestClient('connect', system.gatewayUrls[0] ?? '');
}, 120_000);
afterAll(async () => {
  await system?.[Symbol.asyncDispose]();
}, 90_000);

async function quotes(): Promise<string> {
  return JSON.stringify(await client.call('MarketService/ListQuotes', {}));
}

it('every price stops with the exchange, and goes on with it', { timeout: 180_000 }, async () => {
  const before = await quotes();
  await eventually(async () => expect(await quotes()).not.toBe(before), patience);
  const exchange = system.run().processes.find(({ name }) => name === 'exchange');
  if (exchange === undefined) throw new Error('no exchange runs');
  process.kill(exchange.pid, 'SIGSTOP');
  try {
    // Events on their way to the market service still arrive, on a busy machine for a while.
    const stopped = await eventually(async () => {
      const shown = await quotes();
      await pause(observedMs);
      expect(await quotes()).toBe(shown);
      return shown;
    }, patience);
    process.kill(exchange.pid, 'SIGCONT');
    await eventually(async () => expect(await quotes()).not.toBe(stopped), patience);
  } finally {
    process.kill(exchange.pid, 'SIGCONT');
  }
  await audit(client, system.admin);
});
