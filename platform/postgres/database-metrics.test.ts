import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { type OpenTestDatabase, openTestDatabase, silentLogger } from '#platform/testing/database.ts';
import { openDatabase } from './database.ts';

let db: OpenTestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db[Symbol.asyncDispose]());

describe('createDatabaseMetrics', () => {
  it('counts the statements and the connections of each pool', async () => {
    const metrics = createMetrics('test');
    const pools = ['one', 'other'].map((applicationName) =>
      openDatabase({ url: db.url, applicationName, logger: silentLogger, metrics, poolMax: 2 }),
    );
    const [one] = pools;
    await Promise.all([one?.query('SELECT 1'), one?.query('SELECT 1')]);
    // One is in use until the test has read the metrics, however long that takes.
    const { text, busy } = await db.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(1)');
      const waiting = one?.query('SELECT pg_advisory_xact_lock(1)');
      await one?.query('SELECT 1');
      return { text: await metrics.registry.metrics(), busy: waiting };
    });
    const pool = 'db_client_connection_pool_name';
    for (const series of [
      `db_client_connection_count\\{${pool}="one",db_client_connection_state="used"[^}]*\\} 1`,
      `db_client_connection_count\\{${pool}="one",db_client_connection_state="idle"[^}]*\\} 1`,
      `db_client_connection_count\\{${pool}="other",db_client_connection_state="used"[^}]*\\} 0`,
      `db_client_connection_pending_requests\\{${pool}="other"[^}]*\\} 0`,
      `db_client_operation_duration_seconds_count\\{[^}]*${pool}="one"[^}]*\\} 3`,
    ])
      expect(text).toMatch(new RegExp(`^${series}$`, 'm'));
    await busy;
    for (const opened of pools) await opened[Symbol.asyncDispose]();
  });
});
