import type { Amendment } from '../domain/amendment.ts';
import type { Hold, HoldState, ListLeg, ListRole, Side } from '../domain/hold.ts';
import type { HoldRecord } from '../domain/hold-record.ts';
import type { Refusal } from '../domain/refusal.ts';

/** A row of the table as it is read. */
export type HoldRow = {
  order_id: string;
  state: HoldState;
  account_id: string | null;
  symbol: string;
  side: Side;
  lots: bigint;
  price_ticks: bigint;
  tick_lot_micros: bigint;
  lot_micros: bigint;
  maker_bps: number;
  taker_bps: number;
  filled_lots: bigint;
  maker_value_micros: bigint;
  taker_value_micros: bigint;
  amount: bigint;
  amount_max_micros: bigint | null;
  revision: number;
  refusal: Refusal | null;
  list_id: string | null;
  list_role: number | null;
  coming_lots: bigint | null;
} & AmendmentColumns;

// All are null until the order is first changed.
type AmendmentColumns = {
  amend_number: number | null;
  amend_state: Amendment['state'] | null;
  amend_command: string | null;
  amend_lots: bigint | null;
  amend_price_ticks: bigint | null;
  amend_refusal: Refusal | null;
};

/** The columns of `HoldRow` that a hold has from the first. */
export const firstColumns = `order_id, state, account_id, symbol, side, lots, price_ticks, tick_lot_micros, lot_micros,
  maker_bps, taker_bps, filled_lots, maker_value_micros, taker_value_micros, amount, revision, refusal`;

/** The roles of legs by their numbers in the table. */
export const listRoles = ['entry', 'first-exit', 'second-exit'] as const satisfies ListRole[];

/** The columns of `HoldRow`. */
export const holdColumns = `${firstColumns}, amount_max_micros,
  amend_number, amend_state, amend_command, amend_lots, amend_price_ticks, amend_refusal, list_id, list_role, coming_lots`;

/** The record of a row. */
export function toHoldRecord(row: HoldRow): HoldRecord {
  if (row.account_id === null) return { kind: 'closed', orderId: row.order_id };
  const hold = toHold(row, row.account_id);
  return row.refusal ? { kind: 'refused', hold, refusal: row.refusal } : { kind: 'hold', hold };
}

function toHold(row: HoldRow, accountId: string): Hold {
  return {
    orderId: row.order_id,
    state: row.state,
    terms: {
      accountId,
      symbol: row.symbol,
      side: row.side,
      lots: row.lots,
      priceTicks: row.price_ticks,
      tickLotMicros: row.tick_lot_micros,
      lotMicros: row.lot_micros,
      makerBps: row.maker_bps,
      takerBps: row.taker_bps,
      amountMicros: row.amount_max_micros ?? undefined,
    },
    progress: {
      filledLots: row.filled_lots,
      makerValueMicros: row.maker_value_micros,
      takerValueMicros: row.taker_value_micros,
    },
    amount: row.amount,
    revision: row.revision,
    ...(row.amend_number === null ? {} : { amendment: toAmendment(row, row.amend_number) }),
    ...(row.list_id === null ? {} : { leg: toLeg(row, row.list_id) }),
  };
}

function toLeg({ list_role, coming_lots }: HoldRow, listId: string): ListLeg {
  const role = listRoles[list_role ?? -1];
  if (role === undefined) throw new Error(`a leg of list ${listId} has the unknown role ${list_role}`);
  return { listId, role, comingLots: coming_lots ?? 0n };
}

function toAmendment(row: AmendmentColumns, number: number): Amendment {
  const request = {
    number,
    commandId: row.amend_command ?? '',
    lots: row.amend_lots ?? 0n,
    priceTicks: row.amend_price_ticks ?? 0n,
  };
  if (row.amend_refusal !== null) return { ...request, state: 'refused', refusal: row.amend_refusal };
  return { ...request, state: row.amend_state === 'pending' ? 'pending' : 'ended', refusal: undefined };
}
