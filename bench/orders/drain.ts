/** When everything that a load left behind is done. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { connectPostgres, type PostgresReader } from '../system/postgres.ts';
import { readMetrics, sumOfMetric } from './service-counters.ts';

/** Watches the followers of the feeds and the outboxes. */
export type DrainWatch = AsyncDisposable & {
  /**
   * Resolves when every follower has applied its feed to the end and every outbox is empty. Rejects after two minutes, with who is
   * behind.
   */
  untilDrained(signal: AbortSignal): Promise<void>;
};

const lookMs = 20;
const drainTimeoutMs = 120_000;
// Mails of an order's progress wait for half a minute.
const quiet = { lookMs: 1_000, looksMax: 90, writesMax: 25 };
const positionsSql = 'SELECT coalesce(sum(sequence), 0)::float8 AS value FROM platform.feed_position WHERE name LIKE ';
const headSql = `SELECT coalesce(sum(sequence), 0)::float8 AS value FROM platform.feed_head WHERE name = 'ledger'`;
const outboxSql = 'SELECT count(*)::float8 AS value FROM (SELECT FROM platform.outbox LIMIT 1000) AS waiting';
const writesSql = 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text::float8 AS value';

/** Connects to the databases of the followers. */
export async function watchDrain(system: RunningSystem): Promise<DrainWatch> {
  await using stack = new AsyncDisposableStack();
  const connect = async (name: string) => stack.use(await connectPostgres(system, `outcry_${name}`));
  const [ledger, order, portfolio] = [await connect('ledger'), await connect('order'), await connect('portfolio')];
  const readBehind = async (): Promise<Record<string, number>> => {
    const head = await readGauge(system, 'exchange', 'outcry_exchange_feed_sequence');
    const ledgerHead = await readValue(ledger, headSql);
    const behind = {
      order: head - (await readValue(order, `${positionsSql}'exchange.%'`)),
      ledger: head - (await readValue(ledger, `${positionsSql}'exchange.%'`)),
      market: head - (await readGauge(system, 'market', 'outcry_market_feed_sequence')),
      portfolio: ledgerHead - (await readValue(portfolio, `${positionsSql}'ledger'`)),
      lots: ledgerHead - (await readValue(portfolio, `${positionsSql}'ledger.lots'`)),
    };
    const outboxes = (await readValue(order, outboxSql)) + (await readValue(ledger, outboxSql));
    return { ...behind, outboxes };
  };
  const connections = stack.move();
  return {
    async untilDrained(signal) {
      for (const deadlineMs = performance.now() + drainTimeoutMs; ; await sleep(lookMs, undefined, { signal })) {
        const behind = await readBehind();
        if (Object.values(behind).every((entries) => entries <= 0)) return;
        if (performance.now() > deadlineMs) throw new Error(`not drained: ${JSON.stringify(behind)}`);
      }
    },
    [Symbol.asyncDispose]: () => connections.disposeAsync(),
  };
}

/**
 * Waits until the whole system is idle, mails and in-app messages included: no mail waits and few transactions write. Resolves to
 * whether it is within a minute and a half.
 */
export async function untilQuiet(system: RunningSystem, signal: AbortSignal): Promise<boolean> {
  await using client = await connectPostgres(system, 'postgres');
  let writes = await readValue(client, writesSql);
  for (let looks = 0; looks < quiet.looksMax; looks++) {
    await sleep(quiet.lookMs, undefined, { signal });
    const next = await readValue(client, writesSql);
    const mails = await readGauge(system, 'notification', 'outcry_mail_waiting');
    if (next - writes <= quiet.writesMax && mails === 0) return true;
    writes = next;
  }
  return false;
}

async function readValue(client: PostgresReader, statement: string): Promise<number> {
  const [row] = await client.read<{ value: number }>(statement);
  return row?.value ?? 0;
}

async function readGauge(system: RunningSystem, service: string, metric: string): Promise<number> {
  const found = system.run().processes.filter(({ name }) => name === service);
  const values = await Promise.all(
    found.map(async ({ adminPort }) => sumOfMetric(await readMetrics(adminPort), metric)),
  );
  return Math.max(0, ...values);
}
