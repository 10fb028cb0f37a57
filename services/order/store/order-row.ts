import type { CancelReason, Order, Side } from '../domain/order.ts';
import type { OrderType } from '../domain/order-kind.ts';
import type { ListLeg, ListType } from '../domain/order-list.ts';
import type { OrderState } from '../domain/order-state.ts';
import { fromPositionLimitColumn, toPositionLimitColumn } from './position-limit-column.ts';
import {
  fromSpecialTermsColumn,
  fromTimeInForceColumn,
  type SpecialTermsColumn,
  type TimeInForceColumn,
  toSpecialTermsColumn,
  toTimeInForceColumn,
} from './special-terms-column.ts';

/** A row of table orders. */
export type OrderRow = {
  order_id: string;
  account_id: string;
  client_order_id: string;
  fingerprint: string;
  state: OrderState;
  version: number;
  change_sequence: bigint;
  symbol: string;
  shard: number;
  side: Side;
  type: OrderType;
  time_in_force: TimeInForceColumn;
  post_only: boolean;
  special_terms: SpecialTermsColumn;
  by_amount: boolean;
  house: boolean;
  quantity_lots: bigint;
  price_ticks: bigint;
  tick_micros: bigint;
  lot_micros: bigint;
  tick_lot_micros: bigint;
  maker_bps: number;
  taker_bps: number;
  position_max_micros: bigint;
  filled_lots: bigint;
  maker_value_micros: bigint;
  taker_value_micros: bigint;
  fee_micros: bigint;
  cancel_requested: boolean;
  cancel_reason: CancelReason | null;
  refusal_reason: string | null;
  refusal_metadata: Record<string, string> | null;
  revision: number;
  replace_number: number;
  replace_lots: bigint | null;
  replace_price_ticks: bigint | null;
  replace_stop_ticks: bigint | null;
  replace_specials: SpecialTermsColumn;
  compensated: boolean;
  trigger_time: Date | null;
  accepted_position: bigint | null;
  final_position: bigint | null;
  create_time: Date;
  update_time: Date;
  list_id: string | null;
  list_type: ListType | null;
  list_index: number | null;
  list_ticks: bigint | null;
};

/** The order of a row. */
export function fromOrderRow(row: OrderRow): Order {
  return {
    orderId: row.order_id,
    accountId: row.account_id,
    clientOrderId: row.client_order_id,
    fingerprint: row.fingerprint,
    state: row.state,
    version: row.version,
    changeSequence: row.change_sequence,
    symbol: row.symbol,
    shard: row.shard,
    side: row.side,
    type: row.type,
    timeInForce: fromTimeInForceColumn(row.time_in_force),
    postOnly: row.post_only,
    specials: fromSpecialTermsColumn(row.special_terms),
    byAmount: row.by_amount,
    house: row.house,
    quantityLots: row.quantity_lots,
    priceTicks: row.price_ticks,
    tickMicros: row.tick_micros,
    lotMicros: row.lot_micros,
    tickLotMicros: row.tick_lot_micros,
    makerBps: row.maker_bps,
    takerBps: row.taker_bps,
    positionMaxMicros: fromPositionLimitColumn(row.position_max_micros),
    filledLots: row.filled_lots,
    makerValueMicros: row.maker_value_micros,
    takerValueMicros: row.taker_value_micros,
    feeMicros: row.fee_micros,
    cancelRequested: row.cancel_requested,
    cancelReason: row.cancel_reason ?? undefined,
    refusal:
      row.refusal_reason === null ? undefined : { reason: row.refusal_reason, metadata: row.refusal_metadata ?? {} },
    revision: row.revision,
    replaceNumber: row.replace_number,
    pendingReplace: toPending(row),
    compensated: row.compensated,
    triggerTimeMs: row.trigger_time?.getTime(),
    acceptedPosition: row.accepted_position ?? undefined,
    finalPosition: row.final_position ?? undefined,
    createTimeMs: row.create_time.getTime(),
    updateTimeMs: row.update_time.getTime(),
    leg: row.list_id === null ? undefined : fromListColumns(row, row.list_id),
  };
}

function toPending(row: OrderRow): Order['pendingReplace'] {
  const { replace_lots: quantityLots, replace_price_ticks: priceTicks, replace_stop_ticks: stopTicks } = row;
  if (quantityLots === null || priceTicks === null) return undefined;
  const specials = fromSpecialTermsColumn(row.replace_specials);
  return { quantityLots, priceTicks, stopTicks: stopTicks ?? undefined, ...(specials && { specials }) };
}

/** The row of an order. */
export function toOrderRow(order: Order): OrderRow {
  return {
    order_id: order.orderId,
    account_id: order.accountId,
    client_order_id: order.clientOrderId,
    fingerprint: order.fingerprint,
    state: order.state,
    version: order.version,
    change_sequence: order.changeSequence,
    symbol: order.symbol,
    shard: order.shard,
    side: order.side,
    type: order.type,
    time_in_force: toTimeInForceColumn(order),
    post_only: order.postOnly,
    special_terms: toSpecialTermsColumn(order.specials),
    by_amount: order.byAmount,
    house: order.house,
    quantity_lots: order.quantityLots,
    price_ticks: order.priceTicks,
    tick_micros: order.tickMicros,
    lot_micros: order.lotMicros,
    tick_lot_micros: order.tickLotMicros,
    maker_bps: order.makerBps,
    taker_bps: order.takerBps,
    position_max_micros: toPositionLimitColumn(order.positionMaxMicros),
    filled_lots: order.filledLots,
    maker_value_micros: order.makerValueMicros,
    taker_value_micros: order.takerValueMicros,
    fee_micros: order.feeMicros,
    cancel_requested: order.cancelRequested,
    cancel_reason: order.cancelReason ?? null,
    refusal_reason: order.refusal?.reason ?? null,
    refusal_metadata: order.refusal?.metadata ?? null,
    revision: order.revision,
    replace_number: order.replaceNumber,
    replace_lots: order.pendingReplace?.quantityLots ?? null,
    replace_price_ticks: order.pendingReplace?.priceTicks ?? null,
    replace_stop_ticks: order.pendingReplace?.stopTicks ?? null,
    replace_specials: toSpecialTermsColumn(order.pendingReplace?.specials),
    compensated: order.compensated,
    trigger_time: order.triggerTimeMs === undefined ? null : new Date(order.triggerTimeMs),
    accepted_position: order.acceptedPosition ?? null,
    final_position: order.finalPosition ?? null,
    create_time: new Date(order.createTimeMs),
    update_time: new Date(order.updateTimeMs),
    list_id: order.leg?.listId ?? null,
    list_type: order.leg?.type ?? null,
    list_index: order.leg?.index ?? null,
    list_ticks: order.leg?.exposureTicks ?? null,
  };
}

function fromListColumns({ list_type, list_index, list_ticks }: OrderRow, listId: string): ListLeg {
  return { listId, type: list_type ?? 'oco', index: list_index ?? 0, exposureTicks: list_ticks ?? 0n };
}

/** Rows as one JSON parameter for json_populate_recordset, which reads int8 from text exactly. */
export function toJson(rows: unknown[]): string {
  return JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? value.toString() : value));
}
