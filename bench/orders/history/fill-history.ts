/** Gives accounts a long history of orders and trades, straight in the tables of a system that is stopped. */
import pg from 'pg';
import type { EmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { type RowWriter, readSample, writeRows } from './copy-rows.ts';
import { blocksOf, type HistoryTable, type HistoryTerms, historyOf } from './history-rows.ts';
import { sealHistory } from './seal-history.ts';

/** How much history. */
export type HistoryOptions = {
  accountIds: readonly string[];
  /** Orders of each account, an even number: half of the trades are undone by the others. */
  ordersEach: number;
  seed: number;
  onProgress: (orders: number) => void;
  signal: AbortSignal;
};

const progressOrders = 500_000;
type Sample = Map<string, string | null>;

/** Writes the history by COPY, one for each table at once, and seals it for the audit. */
export async function fillHistory(server: EmbeddedPostgres, options: HistoryOptions): Promise<void> {
  const { accountIds, ordersEach, seed, onProgress, signal } = options;
  await using stack = new AsyncDisposableStack();
  const connect = async (service: string) => {
    const client = new pg.Client({ connectionString: server.urlFor(`outcry_${service}`) });
    client.on('error', () => {});
    await client.connect();
    // A fill and its order are copied side by side: the reference between them is not checked.
    await client.query('SET session_replication_role = replica');
    stack.defer(() => client.end());
    return client;
  };
  const order = await connect('order');
  const sample = await readSample(order, 'orders', `state = 'cancelled' AND filled_lots = 0 AND NOT house`);
  const terms = { seed, accountIds, ...termsOf(sample) };
  const holdOfSample = `order_id = '${sample.get('order_id')}'`;
  const samples = {
    orders: sample,
    fills: await readSample(order, 'fills', 'true'),
    hold: await readSample(await connect('ledger'), 'hold', holdOfSample),
  };
  const writers = new Map<HistoryTable, RowWriter>();
  for (const table of tables) {
    writers.set(table, writeRows(await connect(serviceOf[table]), table, samples[table]));
  }
  const total = accountIds.length * ordersEach;
  for (let n = 0; n < total; n++) {
    for (const [table, row] of Object.entries(historyOf(n, terms))) {
      await (writers.get(table as HistoryTable) as RowWriter).write(row);
    }
    if ((n + 1) % progressOrders === 0 || n + 1 === total) onProgress(n + 1);
    signal.throwIfAborted();
  }
  await Promise.all([...writers.values()].map((writer) => writer.end()));
  for (const table of tables) await (await connect(serviceOf[table])).query(`VACUUM (ANALYZE) ${table}`);
  await sealHistory(connect, { blocks: blocksOf(total), signal });
}

const serviceOf: Readonly<Record<HistoryTable, 'order' | 'ledger'>> = {
  orders: 'order',
  fills: 'order',
  hold: 'ledger',
};
const tables = Object.keys(serviceOf) as HistoryTable[];

function termsOf(sample: Sample): Omit<HistoryTerms, 'seed' | 'accountIds'> {
  const number = (column: string) => BigInt(sample.get(column) ?? 0);
  const [lots, priceTicks] = [number('quantity_lots'), number('price_ticks')];
  const value = lots * priceTicks * number('tick_lot_micros');
  return { symbol: sample.get('symbol') ?? '', lots, priceTicks, value };
}
