/** The events of ledger, order service and auto as the domain has them. */
import { fromBinary } from '@bufbuild/protobuf';
import { type Run, RunOutcome } from '#gen/outcry/auto/v1/auto_pb.ts';
import { type AlertRaised, AlertRaisedSchema, RunFinishedSchema } from '#gen/outcry/auto/v1/events_pb.ts';
import {
  type AdjustmentCompleted,
  AdjustmentCompletedSchema,
  DepositCompletedSchema,
  SettlementHaltedSchema,
  WithdrawalCompletedSchema,
} from '#gen/outcry/ledger/v1/events_pb.ts';
import { OrderEndedSchema, OrderFilledSchema, OrderOpenedSchema } from '#gen/outcry/order/v1/events_pb.ts';
import { type Fill, type Order, OrderStatus } from '#gen/outcry/order/v1/order_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { CASH_SCALE, PRICE_SCALE, parseDecimal, QUANTITY_SCALE } from '#platform/money/decimal.ts';
import type { Claim, OutboxEvent } from '../../domain/outbox-event.ts';
import type { ExpectedValues } from '../../domain/row.ts';

const readers: Readonly<Record<string, (bytes: Uint8Array) => OutboxEvent>> = {
  [OrderOpenedSchema.typeName]: (bytes) => ofOrder(fromBinary(OrderOpenedSchema, bytes)),
  [OrderFilledSchema.typeName]: (bytes) => ofOrder(fromBinary(OrderFilledSchema, bytes)),
  [OrderEndedSchema.typeName]: (bytes) => ofOrder(fromBinary(OrderEndedSchema, bytes)),
  [DepositCompletedSchema.typeName]: (bytes) => ofTransfer('deposit', fromBinary(DepositCompletedSchema, bytes)),
  [WithdrawalCompletedSchema.typeName]: (bytes) =>
    ofTransfer('withdrawal', fromBinary(WithdrawalCompletedSchema, bytes)),
  [AdjustmentCompletedSchema.typeName]: (bytes) => ofAdjustment(fromBinary(AdjustmentCompletedSchema, bytes)),
  [RunFinishedSchema.typeName]: (bytes) => ofRun(fromBinary(RunFinishedSchema, bytes)),
  [AlertRaisedSchema.typeName]: (bytes) => ofAlert(fromBinary(AlertRaisedSchema, bytes)),
  [SettlementHaltedSchema.typeName]: (bytes) => {
    fromBinary(SettlementHaltedSchema, bytes);
    return { claims: [] };
  },
};

/** The event of a type, from hexadecimal digits; undefined for a type or bytes that are none. */
export function toOutboxEvent(type: string, hex: string): OutboxEvent | undefined {
  try {
    return readers[type]?.(Buffer.from(hex, 'hex'));
  } catch {
    return undefined;
  }
}

function ofOrder({ order, fill }: { order?: Order | undefined; fill?: Fill | undefined }): OutboxEvent {
  if (order === undefined) throw new TypeError('an event of an order has its order');
  const { orderId, accountId, symbol, side } = order;
  const end = endOf(order);
  const values = { account_id: accountId, symbol, side: toSide(side), ...end };
  const claims: Claim[] = [{ table: 'orders', key: orderId, values }];
  if (fill !== undefined) claims.push({ table: 'fills', key: `${orderId}/${fill.tradeId}`, values: ofFill(fill) });
  return { accountId, claims };
}

/** An order that ended stays as it is. */
function endOf({ status, filledQuantity }: Order): ExpectedValues {
  if (status !== OrderStatus.CANCELLED && status !== OrderStatus.REJECTED) return {};
  const state = status === OrderStatus.CANCELLED ? 'cancelled' : 'rejected';
  return { state, filled_micros: parseDecimal(filledQuantity, QUANTITY_SCALE) };
}

function ofFill({ symbol, side, quantity, price, fee, maker }: Fill) {
  return {
    symbol,
    side: toSide(side),
    quantity_micros: parseDecimal(quantity, QUANTITY_SCALE),
    price_micros: parseDecimal(price, PRICE_SCALE),
    fee_micros: parseDecimal(fee, CASH_SCALE),
    maker: String(maker),
  };
}

function ofTransfer(
  kind: 'deposit' | 'withdrawal',
  { accountId, transferId, amount }: { accountId: string; transferId: string; amount: string },
): OutboxEvent {
  const values = { account_id: accountId, kind, amount_micros: parseDecimal(amount, CASH_SCALE), status: 'completed' };
  return { accountId, claims: [{ table: 'transfer', key: transferId, values }] };
}

function ofAdjustment({ accountId, adjustmentId, asset, amount, reason }: AdjustmentCompleted): OutboxEvent {
  // Cash and shares both have six places.
  const values = { account_id: accountId, asset, amount: parseDecimal(amount, CASH_SCALE), reason };
  return { accountId, claims: [{ table: 'adjustment', key: adjustmentId, values }] };
}

const outcomes = new Map<RunOutcome, string>([
  [RunOutcome.DONE, 'done'],
  [RunOutcome.REFUSED, 'refused'],
  [RunOutcome.MISSED, 'missed'],
]);

function ofRun({ accountId, name, run }: { accountId: string; name: string; run?: Run | undefined }): OutboxEvent {
  if (run === undefined) throw new TypeError('an event of a run has its run');
  const { runId, ruleId, orderId, outcome } = run;
  const values = {
    rule_id: ruleId,
    account_id: accountId,
    name,
    outcome: outcomes.get(outcome) ?? '',
    order_id: orderId,
  };
  return { accountId, claims: [{ table: 'run', key: runId, values }] };
}

function ofAlert({ accountId, ruleId, name, condition, price, note }: AlertRaised): OutboxEvent {
  const reached = parseDecimal(price, PRICE_SCALE);
  const values = { account_id: accountId, name, symbol: condition?.symbol ?? '', alert_note: note };
  return { accountId, claims: [{ table: 'rule', key: ruleId, values: { ...values, reach_price_micros: reached } }] };
}

function toSide(side: Side): 'buy' | 'sell' {
  return side === Side.SELL ? 'sell' : 'buy';
}
