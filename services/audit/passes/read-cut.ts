/** The cut: one snapshot of the ledger, the order service at or after its position, and the books at or after it. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import type { StoreSnapshot } from '../clients/stores.ts';
import type { StoredRow } from '../domain/row.ts';
import type { PassContext } from './context.ts';

/** The live orders of a shard's books, at a position of its feed. */
export type LiveBook = { rows: StoredRow[]; position: bigint };

/** What is compared at the end of a pass. */
export type Cut = {
  ledger: StoreSnapshot;
  /** Position of each shard's feed in the ledger's snapshot. */
  positions: Map<number, bigint>;
  /** Last entry of the ledger in its snapshot. */
  ledgerHead: bigint;
  holds: StoredRow[];
  pendingTransfers: StoredRow[];
  balances: StoredRow[];
  order: StoreSnapshot;
  openOrders: StoredRow[];
  accounts: StoredRow[];
  books: Map<number, LiveBook>;
};

/** The name of a shard's feed. */
export const feedOf = (shard: number) => `exchange.${shard}`;

/** Reads it. */
export async function readCut(context: PassContext): Promise<Cut> {
  const { stores, shards, callOptions } = context;
  const { ALL, LIVE } = Selection;
  const ledger = await stores.read(
    'ledger',
    {
      tables: [
        { table: 'hold', selection: LIVE },
        { table: 'transfer', selection: LIVE },
        { table: 'balance', selection: ALL },
      ],
    },
    callOptions,
  );
  const positions = new Map(shards.map((shard) => [shard, ledger.feeds.get(feedOf(shard))?.sequence ?? 0n]));
  const minPositions = Object.fromEntries(shards.map((shard) => [feedOf(shard), positions.get(shard) ?? 0n]));
  const order = await stores.read(
    'order',
    {
      minPositions,
      tables: [
        { table: 'orders', selection: LIVE },
        { table: 'accounts', selection: ALL },
      ],
    },
    callOptions,
  );
  const books = new Map<number, LiveBook>();
  for (const shard of shards) books.set(shard, await readBook(context, shard));
  const [holds, pendingTransfers, balances] = ledger.parts.map(({ rows }) => rows);
  const [openOrders, accounts] = order.parts.map(({ rows }) => rows);
  return {
    ledger,
    positions,
    ledgerHead: ledger.heads.get('ledger') ?? 0n,
    holds: holds ?? [],
    pendingTransfers: pendingTransfers ?? [],
    balances: balances ?? [],
    order,
    openOrders: openOrders ?? [],
    accounts: accounts ?? [],
    books,
  };
}

async function readBook({ stores, callOptions }: PassContext, shard: number): Promise<LiveBook> {
  const tables = [{ table: 'live_order', selection: Selection.LIVE, ids: [String(shard)] }];
  const { parts, heads } = await stores.read('exchange', { tables }, callOptions);
  return { rows: parts[0]?.rows ?? [], position: heads.get(feedOf(shard)) ?? 0n };
}
