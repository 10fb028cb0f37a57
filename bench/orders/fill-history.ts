/** Gives accounts a long history of orders, straight in the tables of a system that is stopped. */
import pg from 'pg';
import type { EmbeddedPostgres } from '#platform/embedded-postgres/start.ts';

/** How much history. */
export type HistoryOptions = {
  accountIds: readonly string[];
  /** Orders of each account. */
  ordersEach: number;
  onProgress: (orders: number) => void;
  signal: AbortSignal;
};

const ordersOfStep = 200_000;
const columnsSql = `
  SELECT attname AS name FROM pg_attribute
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`;
const sampleSql = `
  SELECT order_id FROM orders WHERE state = 'cancelled' AND filled_lots = 0 AND NOT house ORDER BY order_id LIMIT 1`;
// Ascending in time, as UUIDs of version 7 are: a year of orders, of the accounts in turn.
const orderId = `
  (lpad(to_hex(1600000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid`;

/**
 * Copies an order that was cancelled unfilled, and its hold, until every account has so many, the same for the same numbers. Their
 * change sequences lie below all real ones.
 */
export async function fillHistory(server: EmbeddedPostgres, options: HistoryOptions): Promise<void> {
  const order = await connect(server, 'order');
  const ledger = await connect(server, 'ledger');
  try {
    const { rows } = await order.query<{ order_id: string }>(sampleSql);
    const sample = rows[0]?.order_id;
    if (sample === undefined) throw new Error('there is no cancelled order to copy');
    const insertOrders = await copyStatement(order, 'orders', {
      change_sequence: '-n',
      client_order_id: `'history-' || n`,
      create_time: `now() - interval '1 year' + n * interval '1 second'`,
      update_time: `now() - interval '1 year' + n * interval '1 second'`,
    });
    const insertHolds = await copyStatement(ledger, 'hold', {});
    const total = options.accountIds.length * options.ordersEach;
    for (let first = 1; first <= total; first += ordersOfStep) {
      options.signal.throwIfAborted();
      const values = [first, Math.min(total, first + ordersOfStep - 1), options.accountIds, sample];
      await Promise.all([order.query(insertOrders, values), ledger.query(insertHolds, values)]);
      options.onProgress(Number(values[1]));
    }
    await Promise.all([order.query('VACUUM (ANALYZE) orders'), ledger.query('VACUUM (ANALYZE) hold')]);
  } finally {
    await Promise.all([order.end(), ledger.end()]);
  }
}

async function connect(server: EmbeddedPostgres, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.urlFor(`outcry_${name}`) });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Inserts copies number $1 to $2 of the row of order $4, of the accounts $3 in turn. */
async function copyStatement(client: pg.Client, table: string, own: Record<string, string>): Promise<string> {
  const { rows } = await client.query<{ name: string }>(columnsSql, [table]);
  const values: Record<string, string> = {
    ...own,
    order_id: orderId,
    account_id: '($3::uuid[])[1 + n % cardinality($3::uuid[])]',
  };
  const names = rows.map(({ name }) => name);
  return `
    INSERT INTO ${table} (${names.join(', ')})
    SELECT ${names.map((name) => values[name] ?? `sample.${name}`).join(', ')}
    FROM generate_series($1::bigint, $2::bigint) AS n, ${table} AS sample WHERE sample.order_id = $4::uuid`;
}
