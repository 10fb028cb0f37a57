import type { MessageInitShape } from '@bufbuild/protobuf';
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import type { ReadRowsRequest, ReadRowsResponseSchema } from '#gen/outcry/exchange/v1/audit_pb.ts';
import { readRows as readAuditedRows } from '#platform/audit/read-rows.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import type { EngineState } from '../engine/state/engine-state.ts';
import { termOf } from '../replication/find-term.ts';
import type { LiveOrder } from '../replication/live-orders.ts';
import { readRememberedCommands, readRememberedOrders } from '../replication/remembered.ts';
import { auditedTables } from '../store/audited-tables.ts';

type Response = MessageInitShape<typeof ReadRowsResponseSchema>;

/** The table of the orders that rest or wait in the books of a shard, which are in memory. `ids` has the shard. */
const liveTable = 'live_order';
const columns = ['account_id', 'symbol', 'side', 'price_ticks', 'open_lots', 'quantity_lots'];
const pageMax = 500;
const idsMax = 10_000;

/** The tables of what is remembered under the ids of orders and commands, in memory too. Each of `ids` is `<shard>/<id>`, of one shard. */
const rememberedTables = {
  remembered_order: {
    columns: ['account_id', 'status'],
    read: (state: EngineState, ids: readonly string[]) =>
      readRememberedOrders(state, ids).map(({ id, accountId, status }) => ({ key: id, values: [accountId, status] })),
  },
  remembered_command: {
    columns: ['accepted', 'reason'],
    read: (state: EngineState, ids: readonly string[]) =>
      readRememberedCommands(state, ids).map(({ id, accepted, reason }) => ({
        key: id,
        values: [String(accepted), String(reason)],
      })),
  },
};

/** The rows that the audit asks for: of stored tables from one snapshot, or what a shard has in memory, at a sequence of its own. */
export async function* readRows(
  deps: ExchangeDeps,
  { query }: ReadRowsRequest,
  context: CallContext,
): AsyncGenerator<Response, void, undefined> {
  const parts = query?.tables ?? [];
  const part = parts.find(({ table }) => table === liveTable || Object.hasOwn(rememberedTables, table));
  if (part === undefined) return yield* readAuditedRows(deps.readDb, auditedTables, query, context);
  const { table, selection, ids } = part;
  if (parts.length !== 1 || selection !== (table === liveTable ? Selection.LIVE : Selection.IDS)) {
    throw invalidArgument('query.tables', `must ask for ${table} alone, and for all live rows or for those of ids`);
  }
  if (table === liveTable) yield* readLive(deps, Number(ids[0] ?? ''), context);
  else yield* readRemembered(deps, rememberedTables[table as keyof typeof rememberedTables], ids, context);
}

async function* readRemembered(
  deps: ExchangeDeps,
  { columns, read }: (typeof rememberedTables)[keyof typeof rememberedTables],
  ids: readonly string[],
  context: CallContext,
): AsyncGenerator<Response, void, undefined> {
  if (ids.length > idsMax) throw invalidArgument('query.tables', `must name at most ${idsMax} ids`);
  const [shard = ''] = ids[0]?.split('/') ?? [];
  const term = termOf(deps, Number(shard));
  yield { page: { columns } };
  // A page at a time: matching goes on in between.
  for (let at = 0; at < ids.length; at += pageMax) {
    const some = ids.slice(at, at + pageMax).map((id) => id.slice(shard.length + 1));
    const rows = await term.readRemembered((state) => read(state, some), context);
    yield { page: { rows } };
  }
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
