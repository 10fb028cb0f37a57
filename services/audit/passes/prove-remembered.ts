/** Proves what the exchange remembers of orders and commands, by which a call that comes again is answered and not carried out. */
import { readByIds } from '../clients/stores.ts';
import type { OrderEvent } from '../domain/exchange-event.ts';
import type { OrderShadow } from '../domain/order-shadow.ts';
import { compareRow, type StoredRow } from '../domain/row.ts';
import { byKey } from './by-key.ts';
import { count, marketClock, type PassContext } from './context.ts';

/** The exchange remembers both for 24 h of its own time, but only the last four million commands of owners. */
const ordersMs = 20n * 3_600_000n;
const commandsMs = 3_600_000n;

/** Events of a shard, and the orders that they have ended. */
export type RememberedEvents = { shard: number; events: readonly OrderEvent[]; ended: readonly OrderShadow[] };

/** Compares the orders that have ended lately, and the commands that were carried out lately, with the memory of the exchange. */
export async function proveRemembered(context: PassContext, window: RememberedEvents): Promise<void> {
  await proveOrders(context, window);
  await proveCommands(context, window);
}

/** The sequences of events that are recent enough. */
function since(context: PassContext, events: readonly OrderEvent[], ageMs: bigint): OrderEvent[] {
  const oldestMs = BigInt(marketClock(context).nowMs()) - ageMs;
  return events.filter((event) => 'timeMs' in event && (event.timeMs ?? 0n) > oldestMs);
}

async function proveOrders(context: PassContext, { shard, events, ended }: RememberedEvents): Promise<void> {
  const recent = new Map(since(context, events, ordersMs).map((event) => [event.sequence, event]));
  const orders = ended.filter(({ endedAt }) => recent.has(endedAt));
  const rows = await readRemembered(context, { shard, table: 'remembered_order' }, new Set(orders.map(idOf)));
  count(context, 'orders_remembered', rows.size);
  for (const order of orders) {
    const { orderId, accountId, acceptedAt, state, endedAt } = order;
    const row = rows.get(orderId);
    const isNeverOpen = acceptedAt === 0n;
    const status = isNeverOpen && state === 'cancelled' ? 'voided' : state;
    const expected = { account_id: accountId, status };
    const rule = 'ended-order-is-remembered';
    if (row) compareRow(context.findings, { rule, place: 'exchange remembered_order', row, expected });
    else if (!(isNeverOpen && mayBeForgotten(recent.get(endedAt)))) {
      const subject = `exchange remembered_order ${orderId}`;
      context.findings.add({ rule, subject, expected: `an order that is ${status}`, found: 'none' });
    }
  }
}

const idOf = ({ orderId }: OrderShadow) => orderId;

/** With a full memory one number stands for all that is refused and voided. */
function mayBeForgotten(event: OrderEvent | undefined): boolean {
  return event?.kind === 'cancelled' || (event?.kind === 'rejected' && event.isForgotten === true);
}

async function proveCommands(context: PassContext, { shard, events }: RememberedEvents): Promise<void> {
  const ids = new Set<string>();
  for (const event of since(context, events, commandsMs)) {
    if ('commandId' in event && event.commandId !== undefined) ids.add(event.commandId);
  }
  const rows = await readRemembered(context, { shard, table: 'remembered_command' }, ids);
  count(context, 'commands_remembered', rows.size);
  const rule = 'command-is-remembered';
  for (const id of ids) {
    const row = rows.get(id);
    const expected = { accepted: 'true', reason: '0' };
    if (row) compareRow(context.findings, { rule, place: 'exchange remembered_command', row, expected });
    else {
      const subject = `exchange remembered_command ${id}`;
      context.findings.add({ rule, subject, expected: 'its outcome', found: 'none' });
    }
  }
}

async function readRemembered(
  { stores, callOptions }: PassContext,
  { shard, table }: { shard: number; table: string },
  ids: ReadonlySet<string>,
): Promise<Map<string, StoredRow>> {
  const keys = [...ids].map((id) => `${shard}/${id}`);
  return byKey(await readByIds(stores, { store: 'exchange', table, ids: keys }, callOptions));
}
