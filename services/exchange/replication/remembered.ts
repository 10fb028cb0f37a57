/** What the engine remembers under ids and keys, for the audit: it decides what a call that comes again is answered. */
import { none, OrderStatus } from '../engine/model/codes.ts';
import { parseUuid } from '../engine/model/uuid.ts';
import type { EngineState } from '../engine/state/engine-state.ts';

/** An order that is known: live, or final for less than the retention time. */
export type RememberedOrder = {
  id: string;
  accountId: string;
  status: 'live' | 'filled' | 'cancelled' | 'rejected' | 'voided';
};

/** A command that has its outcome, of an owner or of an operator. */
export type RememberedCommand = { id: string; accepted: boolean; reason: number };

const statusNames = new Map<number, RememberedOrder['status']>([
  [OrderStatus.LIVE, 'live'],
  [OrderStatus.FILLED, 'filled'],
  [OrderStatus.CANCELLED, 'cancelled'],
  [OrderStatus.REJECTED, 'rejected'],
  [OrderStatus.VOIDED, 'voided'],
]);

/** Those of the orders that are remembered; some 500 ns each. */
export function readRememberedOrders({ records, names }: EngineState, ids: readonly string[]): RememberedOrder[] {
  const uuid = new Uint32Array(4);
  return ids.flatMap((id) => {
    const key = parseUuid(id, uuid) ? records.index.find(uuid) : none;
    const status = key === none ? undefined : statusNames.get(records.status[key] ?? OrderStatus.FREE);
    if (status === undefined) return [];
    const accountId = names.names[records.account[key] ?? none] ?? '';
    return [{ id, accountId, status }];
  });
}

/** Those of the commands that are remembered. */
export function readRememberedCommands(state: EngineState, ids: readonly string[]): RememberedCommand[] {
  return ids.flatMap((id) => {
    for (const memory of [state.commands, state.operatorCommands]) {
      const slot = memory.find(id);
      if (slot === none) continue;
      const { accepted, reason } = memory.outcomeOf(slot);
      return [{ id, accepted, reason }];
    }
    return [];
  });
}
