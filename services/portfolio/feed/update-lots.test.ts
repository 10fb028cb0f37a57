import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RowsQuerySchema, Selection, type TableQuerySchema } from '#gen/outcry/audit/v1/rows_pb.ts';
import { readRows } from '#platform/audit/read-rows.ts';
import { openDatabase } from '#platform/postgres/database.ts';
import type { Database } from '#platform/postgres/sql.ts';
import { silentLogger } from '#platform/testing/database.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { migrateBefore } from '#platform/testing/older-schema.ts';
import { auditedTables } from '../store/audited-tables.ts';
import { ledgerFeed, lotsFeed } from '../store/ledger-position.ts';
import { saveLotMethod } from '../store/lot-method.ts';
import { share, startSurroundings, type TestSurroundings } from '../testing/start-portfolio.ts';
import { updateHoldings } from './update-holdings.ts';

let around: TestSurroundings;
let db: Database;
beforeAll(async () => {
  around = await startSurroundings({ ACME: '10.00' });
  db = openDatabase({ url: around.databaseUrl, applicationName: 'test', logger: silentLogger });
  await migrateBefore(db, new URL('../store/migrations/', import.meta.url), '0006-lots.sql');
});
afterAll(async () => {
  await db?.[Symbol.asyncDispose]();
  await around?.[Symbol.asyncDispose]();
});

const positionOf = async (feed: string) => {
  const { rows } = await db.query<{ sequence: bigint }>('SELECT sequence FROM platform.feed_position WHERE name = $1', [
    feed,
  ]);
  return rows[0]?.sequence ?? 0n;
};

/** What a replica of the release before does that holds the lease: holdings and their position move, lots do not. */
const applyAsBefore = async () => {
  const after = await positionOf(ledgerFeed);
  const head = around.ledger.head();
  await db.transaction(async (tx) => {
    await updateHoldings(tx, around.ledger.entriesAfter(after));
    await tx.query(
      `INSERT INTO platform.feed_position (name, sequence) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence`,
      [ledgerFeed, head],
    );
  });
};

/** Positions whose lots come to something else, once both have been applied as far as the ledger has booked. */
const untied = async () => {
  const head = around.ledger.head();
  await eventually(async () =>
    expect([await positionOf(ledgerFeed), await positionOf(lotsFeed)]).toEqual([head, head]),
  );
  const { rows } = await db.query(
    `SELECT * FROM position FULL JOIN lot_total AS total USING (account_id, symbol)
     LEFT JOIN LATERAL (
       SELECT coalesce(sum(left_quantity_micros), 0) AS quantity, coalesce(sum(left_cost_micros), 0) AS cost
       FROM lot WHERE lot.account_id = total.account_id AND lot.symbol = total.symbol) AS lots ON true
     LEFT JOIN LATERAL (
       SELECT coalesce(sum(gain_micros), 0) AS gain
       FROM lot_sale AS sale WHERE sale.account_id = total.account_id AND sale.symbol = total.symbol) AS sales ON true
     WHERE position.quantity_micros IS DISTINCT FROM lots.quantity OR total.quantity_micros <> lots.quantity
       OR total.cost_micros <> lots.cost OR total.realized_micros <> sales.gain
       OR total.cost_micros - total.realized_micros <> position.cost_micros - position.realized_micros`,
  );
  return rows;
};

/** Ten purchases of a share for 1.00, 2.00 and so on, each by an order of its own, and a sale of three and a half. */
const trade = (buyer: string, seller: string) => {
  for (let dollars = 1n; dollars <= 10n; dollars += 1n) {
    const valueMicros = dollars * 1_000_000n;
    around.ledger.trade({ symbol: 'ACME', buyer, seller, quantityMicros: share, valueMicros, buyerFeeMicros: 7n });
  }
  const sale = { symbol: 'ACME', buyer: seller, seller: buyer, quantityMicros: (7n * share) / 2n };
  around.ledger.trade({ ...sale, valueMicros: 21_000_001n, sellerFeeMicros: 3n });
};

const lotsOf = async (accountId: string) => {
  const { rows } = await db.query<{ lot_id: bigint; left_quantity_micros: bigint; acquire_time: Date }>(
    'SELECT lot_id, left_quantity_micros, acquire_time FROM lot WHERE account_id = $1 ORDER BY lot_id',
    [accountId],
  );
  return rows;
};

/** What the audit reads of the lots: each table as rows by their keys. */
const readByAudit = async (query: Pick<MessageInitShape<typeof TableQuerySchema>, 'selection' | 'ids'>) => {
  const names = ['lot_total', 'lot_sum', ...(query.ids ? [] : ['lot_gain'])];
  const tables = names.map((table) => ({ table, ...query }));
  const read: Record<string, Record<string, string[]>> = {};
  const call = { signal: new AbortController().signal, deadlineTimeMs: Date.now() + 60_000 };
  for await (const { page } of readRows(db, auditedTables, create(RowsQuerySchema, { tables }), call)) {
    const rows = (page.rows ?? []).map(({ key = '', values = [] }) => [key, values] as const);
    const name = names[page.part ?? 0] ?? '';
    read[name] = { ...read[name], ...Object.fromEntries(rows) };
  }
  return read;
};

describe('updateLots', () => {
  it('makes lots of all that an installation has booked before, and of what a replica of the release before books meanwhile', async () => {
    const { ledger } = around;
    const [buyer, seller] = ['buyer', 'seller'];
    ledger.issue(seller, 'ACME', 100n * share);
    trade(buyer, seller);
    await applyAsBefore();
    {
      await using _replica = await around.startReplica();
      expect(await untied()).toEqual([]);
      expect((await lotsOf(buyer)).map(({ left_quantity_micros: left }) => left)).toEqual([
        share / 2n,
        ...Array.from({ length: 6 }, () => share),
      ]);
      const [first] = await lotsOf(seller);
      expect(first?.acquire_time.getTime()).toBe(Number(ledger.entriesAfter(0n)[0]?.timeMs));
    }
    trade(buyer, seller);
    await applyAsBefore();
    expect(await positionOf(lotsFeed)).toBeLessThan(ledger.head());
    await using _replica = await around.startReplica();
    trade(buyer, seller);
    expect(await untied()).toEqual([]);
    expect(await lotsOf(buyer)).toHaveLength(20);
  });

  it('takes by the method of the account from the sales on that were applied nowhere before', async () => {
    const { ledger } = around;
    ledger.issue('maker', 'ACME', 100n * share);
    await using _replica = await around.startReplica();
    trade('chooser', 'maker');
    expect(await untied()).toEqual([]);
    await saveLotMethod(db, 'chooser', 'hifo');
    trade('chooser', 'maker');
    expect(await untied()).toEqual([]);
    const { rows } = await db.query<{ costs: bigint[] }>(
      `SELECT array_agg(cost_micros ORDER BY sequence, piece)::text[]::bigint[] AS costs FROM lot_sale WHERE account_id = 'chooser'`,
    );
    const [fifo, hifo] = [
      [1_000_007n, 2_000_007n, 3_000_007n, 2_000_004n],
      [10_000_007n, 10_000_007n, 9_000_007n, 4_500_004n],
    ];
    expect(rows[0]?.costs.map(BigInt)).toEqual([...fifo, ...hifo]);
    const key = 'chooser/ACME';
    const all = await readByAudit({ selection: Selection.ALL });
    const [quantity = '', cost = '', realized = '', taken = ''] = all.lot_total?.[key] ?? [];
    expect([quantity, taken]).toEqual(['13000000', '0']);
    expect([all.lot_sum?.[key], all.lot_gain?.[key]]).toEqual([[quantity, cost], [realized]]);
    const own = await readByAudit({ selection: Selection.IDS, ids: ['chooser'] });
    expect(own).toEqual({ lot_total: { [key]: all.lot_total?.[key] }, lot_sum: { [key]: all.lot_sum?.[key] } });
  });
});
