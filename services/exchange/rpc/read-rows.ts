import type { MessageInitShape } from '@bufbuild/protobuf';
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import type { ReadRowsRequest, ReadRowsResponseSchema } from '#gen/outcry/exchange/v1/audit_pb.ts';
import { readRows as readAuditedRows } from '#platform/audit/read-rows.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import { termOf } from '../replication/find-term.ts';
import type { LiveOrder } from '../replication/live-orders.ts';
import { auditedTables } from '../store/audited-tables.ts';

type Response = MessageInitShape<typeof ReadRowsResponseSchema>;

/** The table of the orders that rest or wait in the books of a shard, which are in memory. `ids` has the shard. */
const liveTable = 'live_order';
const columns = ['account_id', 'symbol', 'side', 'price_ticks', 'open_lots', 'quantity_lots'];
const pageMax = 500;

/** The rows that the audit asks for: of the journal from one snapshot, or the live orders of a shard at one sequence. */
export async function* readRows(
  deps: ExchangeDeps,
  { query }: ReadRowsRequest,
  context: CallContext,
): AsyncGenerator<Response, void, undefined> {
  const part = query?.tables.find(({ table }) => table === liveTable);
  if (part === undefined) return yield* readAuditedRows(deps.readDb, auditedTables, query, context);
  if (query?.tables.length !== 1 || part.selection !== Selection.LIVE) {
    throw invalidArgument('query.tables', `must ask for the live rows of ${liveTable} alone`);
  }
  yield* readLive(deps, Number(part.ids[0] ?? ''), context);
}

async function* readLive(
  deps: ExchangeDeps,
  shard: number,
  context: CallContext,
): AsyncGenerator<Response, void, undefined> {
  const term = termOf(deps, shard);
  const live = await term.readLiveOrders(context);
  const heads = { [`exchange.${shard}`]: BigInt(live.sequence) };
  yield { page: { columns, heads } };
  let rows: ReturnType<typeof toRow>[] = [];
  for (const order of live.list()) {
    if (rows.push(toRow(order)) < pageMax) continue;
    yield { page: { rows } };
    rows = [];
  }
  if (rows.length > 0) yield { page: { rows } };
}

function toRow({ orderId, accountId, symbol, side, priceTicks, openLots, quantityLots }: LiveOrder) {
  return { key: orderId, values: [accountId, symbol, side, ...[priceTicks, openLots, quantityLots].map(String)] };
}
