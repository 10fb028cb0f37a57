import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { ExchangeAuditService } from '#gen/outcry/exchange/v1/audit_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import { createRpcClient, type RpcClient } from '#platform/rpc/client.ts';
import { testServiceToken } from '#platform/testing/service-keys.ts';
import { acme, newOrder, type OrderInit } from '../testing/requests.ts';
import { startExchange, type TestExchange } from '../testing/running-exchange.ts';
import { createJournalDatabase, type JournalDatabase } from '../testing/terms.ts';

let journal: JournalDatabase;
let exchange: TestExchange;
let audit: RpcClient<typeof ExchangeAuditService>;

beforeAll(async () => {
  journal = await createJournalDatabase();
  exchange = await startExchange(journal.url);
  await exchange.exchange.served;
  await exchange.market.listSymbol({ listing: acme });
  audit = auditClient(exchange.port);
});
afterAll(async () => {
  await audit?.[Symbol.asyncDispose]();
  await exchange?.[Symbol.asyncDispose]();
  await journal?.[Symbol.asyncDispose]();
});

function auditClient(port: number): RpcClient<typeof ExchangeAuditService> {
  const serviceToken = testServiceToken('audit');
  return createRpcClient(ExchangeAuditService, { address: `ipv4:127.0.0.1:${port}`, serviceToken });
}

/** The rows under ids of shard 0, as objects. */
async function remembered(table: string, ids: string[]): Promise<Record<string, string>[]> {
  const query = { tables: [{ table, selection: Selection.IDS, ids: ids.map((id) => `0/${id}`) }] };
  const rows: Record<string, string>[] = [];
  let columns: string[] = [];
  for await (const { page } of audit.readRows({ query })) {
    if (page === undefined) continue;
    if (page.columns.length > 0) columns = page.columns;
    for (const { key, values } of page.rows) {
      rows.push({ key, ...Object.fromEntries(columns.map((column, index) => [column, values[index] ?? ''])) });
    }
  }
  return rows;
}

describe('readRows', () => {
  it('has what is remembered under the ids of orders, page by page, and nothing under others', async () => {
    const [sale, purchase, resting] = [newOrder('sell'), newOrder('buy'), newOrder('buy')];
    await exchange.order.submit({ orders: [sale, purchase, resting] });
    const gone = uuidV7();
    const { accountId = '' } = resting;
    await exchange.order.void({ items: [{ orderId: gone, accountId, symbol: 'ACME' }] });
    const unknown = Array.from({ length: 1_000 }, () => uuidV7());
    const rows = await remembered('remembered_order', [...unknown, ...[sale, purchase, resting].map(idOf), gone, 'x']);
    expect(rows).toEqual([
      { key: sale.orderId, account_id: sale.accountId, status: 'filled' },
      { key: purchase.orderId, account_id: purchase.accountId, status: 'filled' },
      { key: resting.orderId, account_id: resting.accountId, status: 'live' },
      { key: gone, account_id: accountId, status: 'voided' },
    ]);
  });

  it('has the outcomes of commands', async () => {
    const order = newOrder('buy');
    await exchange.order.submit({ orders: [order] });
    const { orderId, accountId } = order;
    const cancel = { orderId, accountId, symbol: 'ACME' };
    await exchange.order.cancel({ items: [{ ...cancel, commandId: 'first' }] });
    await exchange.order.cancel({ items: [{ ...cancel, commandId: 'second' }] });
    const rows = await remembered('remembered_command', ['first', 'second', 'never']);
    expect(rows).toEqual([
      { key: 'first', accepted: 'true', reason: '0' },
      { key: 'second', accepted: 'false', reason: '418' },
    ]);
  });

  it('is answered by a process that does not serve the shard, too', async () => {
    await using standby = await startExchange(journal.url);
    await using throughStandby = auditClient(standby.port);
    const order = newOrder('buy');
    await exchange.order.submit({ orders: [order] });
    const query = { tables: [{ table: 'live_order', selection: Selection.LIVE, ids: ['0'] }] };
    const keys: string[] = [];
    for await (const { page } of throughStandby.readRows({ query }))
      keys.push(...(page?.rows ?? []).map(({ key }) => key));
    expect(keys).toContain(order.orderId);
  });

  it('refuses to read what is in memory together with other tables, or as a whole', async () => {
    const one = { table: 'remembered_order', selection: Selection.IDS, ids: ['0/x'] };
    const refused = { code: Code.INVALID_ARGUMENT };
    const read = async (tables: object[]) => {
      for await (const { page } of audit.readRows({ query: { tables } })) expect(page).toBeUndefined();
    };
    await expect(read([one, one])).rejects.toMatchObject(refused);
    await expect(read([{ ...one, selection: Selection.ALL }])).rejects.toMatchObject(refused);
    await expect(read([{ ...one, ids: new Array(10_001).fill('0/x') }])).rejects.toMatchObject(refused);
  });
});

function idOf({ orderId = '' }: OrderInit): string {
  return orderId;
}
