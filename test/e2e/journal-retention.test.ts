/** The exchange's journal is deleted as its followers confirm it, and nothing that reads it is the worse for it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { type Databases, openDatabases } from '../support/audit/corrupt-row.ts';
import { createTestClient } from '../support/clients.ts';
import { audit } from '../support/investors-day.ts';
import type { TestClient } from '../support/test-client.ts';

const patience = { timeoutMs: 90_000 };
let system: RunningSystem;
let client: TestClient;
let databases: Databases;

beforeAll(async () => {
  const often = {
    EXCHANGE_SNAPSHOT_EVENTS_MAX: '100',
    EXCHANGE_SNAPSHOT_INTERVAL_MS: '2000',
    EXCHANGE_SNAPSHOT_INTERVAL_MIN_MS: '1000',
    AUDIT_EVERY_MS: '2000',
  };
  system = await startSystem({ env: often });
  client = createTestClient('connect', system.gatewayUrls[0] ?? '');
  databases = openDatabases(system);
}, 120_000);
afterAll(async () => {
  await databases?.[Symbol.asyncDispose]();
  await system?.[Symbol.asyncDispose]();
}, 90_000);

type Row = Record<string, string>;

async function readExchange(text: string): Promise<Row[]> {
  const { rows } = await (await databases.of('exchange')).query<Row>(text);
  return rows;
}

/** The group at which the journal begins, once that is past `group`. */
async function startBeyond(group: bigint): Promise<bigint> {
  return eventually(async () => {
    const [start] = await readExchange('SELECT group_number FROM journal_start');
    expect(BigInt(start?.group_number ?? 0)).toBeGreaterThan(group);
    return BigInt(start?.group_number ?? 0);
  }, patience);
}

it('begins where all have confirmed it, and leads to the same books after the exchange was killed', {
  timeout: 240_000,
}, async () => {
  const first = await startBeyond(1n);
  await eventually(async () => {
    const [row] = await readExchange('SELECT min(group_number) AS oldest FROM journal');
    expect(BigInt(row?.oldest ?? 0)).toBeGreaterThanOrEqual(first);
  }, patience);
  const followers = await readExchange('SELECT follower, sequence FROM confirmation ORDER BY follower');
  expect(followers.map(({ follower }) => follower)).toEqual(['audit', 'auto', 'ledger', 'order']);
  const [start] = await readExchange(
    `SELECT s.sequence <= (SELECT min(sequence) FROM confirmation) AS confirmed,
       s.sequence <= (SELECT min(sequence) FROM snapshot) AS recoverable FROM journal_start AS s`,
  );
  expect(start).toEqual({ confirmed: true, recoverable: true });
  await audit(client, system.admin);
  const exchange = system.run().processes.find(({ name }) => name === 'exchange');
  if (exchange === undefined) throw new Error('no exchange runs');
  process.kill(exchange.pid, 'SIGKILL');
  await eventually(() => audit(client, system.admin), patience);
});
