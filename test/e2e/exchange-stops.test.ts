import { afterAll, beforeAll, expect, test } from 'vitest';
import { pause } from '#platform/time/pause.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { createTestClient } from '../support/clients.ts';
import { audit } from '../support/investors-day.ts';
import type { TestClient } from '../support/test-client.ts';
import { eventually } from '../support/wait.ts';

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

test('every price stops with the exchange, and goes on with it', { timeout: 90_000 }, async () => {
  const before = await quotes();
  await eventually('prices move', async () => ((await quotes()) === before ? undefined : true));
  const exchange = system.run().processes.find(({ name }) => name === 'exchange');
  if (exchange === undefined) throw new Error('no exchange runs');
  process.kill(exchange.pid, 'SIGSTOP');
  try {
    await pause(2_000);
    const stopped = await quotes();
    await pause(3_000);
    expect(await quotes()).toBe(stopped);
    process.kill(exchange.pid, 'SIGCONT');
    await eventually('prices move again', async () => ((await quotes()) === stopped ? undefined : true), 30_000);
  } finally {
    process.kill(exchange.pid, 'SIGCONT');
  }
  await audit(client, system.admin);
});
