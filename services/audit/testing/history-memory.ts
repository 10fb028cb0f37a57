/** What the exchange remembers at the end of a history. Written apart from the audit. */
import type { StoredRow } from '../domain/row.ts';
import type { History } from './history.ts';
import { rowOf } from './row-of.ts';

/** The tables of its memory. */
export function memoryTables({ orders, events }: History): Record<string, StoredRow[]> {
  const statuses = new Map<string, string>();
  const commands = new Set<string>();
  for (const event of events) {
    switch (event.kind) {
      case 'accepted':
        statuses.set(event.orderId, 'live');
        break;
      case 'traded':
        for (const { orderId, remainingLots } of [event.maker, event.taker]) {
          if (remainingLots === 0n) statuses.set(orderId, 'filled');
        }
        break;
      case 'rejected':
        statuses.set(event.orderId, 'rejected');
        break;
      case 'cancelled':
        statuses.set(event.orderId, statuses.has(event.orderId) ? 'cancelled' : 'voided');
        if (event.commandId !== undefined) commands.add(event.commandId);
        break;
      case 'replaced':
        if (event.commandId !== undefined) commands.add(event.commandId);
        break;
      default:
    }
  }
  return {
    remembered_order: [...statuses].map(([id, status]) =>
      rowOf(id, { account_id: orders.get(id)?.accountId ?? '', status }),
    ),
    remembered_command: [...commands].map((id) => rowOf(id, { accepted: true, reason: 0 })),
  };
}
