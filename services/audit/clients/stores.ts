/** Reads the stores of all services. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import { type RowsPage, type RowsQuerySchema, Selection, type TableQuerySchema } from '#gen/outcry/audit/v1/rows_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { unavailable } from '#platform/errors/outcry-error.ts';
import type { CallOptions } from '#platform/rpc/call-options.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { StoreName } from '../domain/audited-stores.ts';
import type { StoredRow } from '../domain/row.ts';

/** A part of a query. */
export type TableRead = MessageInitShape<typeof TableQuerySchema>;

/** The consumer of a feed, as of a snapshot. */
export type FeedConsumer = { sequence: bigint; epoch: string; haltSequence: bigint; haltCause: string };

/** What was read of one table. */
export type TableRows = {
  rows: StoredRow[];
  digests: { block: string; rows: bigint; digest: bigint }[];
  /** Blocks below it may have lost rows to retention; empty: none has. */
  oldestBlock: string;
};

/** What was read of a store, all of one snapshot. */
export type StoreSnapshot = {
  parts: TableRows[];
  feeds: Map<string, FeedConsumer>;
  heads: Map<string, bigint>;
};

/** A query of one store. */
export type StoreRead = { tables: TableRead[]; minPositions?: Record<string, bigint> };

/** The RPC of each store. */
export type RowReaders = Record<
  StoreName,
  {
    readRows(
      request: { query: MessageInitShape<typeof RowsQuerySchema> },
      options: CallOptions,
    ): AsyncIterable<{ page?: RowsPage | undefined }>;
  }
>;

/** The stores. */
export type Stores = {
  /** Throws UNAVAILABLE, with the service, when it cannot be read: no pass is clean without it. */
  read(store: StoreName, query: StoreRead, options: CallOptions): Promise<StoreSnapshot>;
};

// Bounds what one call makes the other side look for at once.
const idsMax = 5_000;
const sharedTextsMax = 20_000;

/** The stores behind their RPCs. */
export function createStores(readers: RowReaders, logger: Logger): Stores {
  return {
    async read(store, query, options) {
      try {
        return await collect(readers[store].readRows({ query }, options), query);
      } catch (error) {
        logger.warn({ error, service: store }, 'the audit could not read a store');
        const message = `the audit needs the ${store} service, which cannot be read at the moment`;
        throw unavailable(ErrorReason.DEPENDENCY_UNAVAILABLE, message, { service: store });
      }
    },
  };
}

async function collect(
  pages: AsyncIterable<{ page?: RowsPage | undefined }>,
  { tables }: StoreRead,
): Promise<StoreSnapshot> {
  const parts: TableRows[] = tables.map(() => ({ rows: [], digests: [], oldestBlock: '' }));
  const columns: string[][] = tables.map(() => []);
  const share = createTextSharing();
  const snapshot: StoreSnapshot = { parts, feeds: new Map(), heads: new Map() };
  for await (const { page } of pages) {
    const part = parts[page?.part ?? 0];
    if (page === undefined || part === undefined) continue;
    if (page.columns.length > 0) columns[page.part] = page.columns;
    if (page.oldestBlock !== '') part.oldestBlock = page.oldestBlock;
    for (const [feed, state] of Object.entries(page.feeds)) snapshot.feeds.set(feed, state);
    for (const [feed, head] of Object.entries(page.heads)) snapshot.heads.set(feed, head);
    for (const row of page.rows) part.rows.push(toRow(row, columns[page.part] ?? [], share));
    part.digests.push(...page.digests);
  }
  return snapshot;
}

/** As `Object.fromEntries` makes them: with dozens of properties set one by one, each object would be a hash table of kilobytes in V8. */
function toRow(
  { key, values, hash, block }: RowsPage['rows'][number],
  columns: readonly string[],
  share: (text: string) => string,
): StoredRow {
  return {
    key,
    hash,
    block,
    values: Object.fromEntries(columns.map((name, index) => [name, share(values[index] ?? '')])),
  };
}

/** Gives back the text that is equal and was given before, so that it is in memory once: ids of accounts, symbols and states come in many rows. */
function createTextSharing(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= sharedTextsMax) known.clear();
    known.set(text, text);
    return text;
  };
}

/** The rows of ids, in as many calls as their number needs. */
export async function readByIds(
  stores: Stores,
  { store, table, ids }: { store: StoreName; table: string; ids: readonly string[] },
  options: CallOptions,
): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  for (let at = 0; at < ids.length; at += idsMax) {
    const tables = [{ table, selection: Selection.IDS, ids: ids.slice(at, at + idsMax) }];
    const { parts } = await stores.read(store, { tables }, options);
    rows.push(...(parts[0]?.rows ?? []));
  }
  return rows;
}
