/** The events that the ledger publishes on the bus. */
import {
  AdjustmentCompletedSchema,
  DepositCompletedSchema,
  SettlementHaltedSchema,
  WithdrawalCompletedSchema,
} from '#gen/outcry/ledger/v1/events_pb.ts';
import { enqueueEvent } from '#platform/bus/outbox.ts';
import { uuidV7OfFact } from '#platform/ids/uuid-v7.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import type { Adjustment } from '../domain/adjustment.ts';
import { cashAsset, formatAmount } from '../domain/asset.ts';
import type { Transfer } from '../domain/transfer.ts';

/** Adds the event of a booked transfer to the outbox, in the transaction that books it. */
export async function publishTransferCompleted(tx: Sql, transfer: Transfer): Promise<void> {
  const { accountId, transferId } = transfer;
  const amount = formatAmount(cashAsset, transfer.amountMicros);
  const schema = transfer.kind === 'deposit' ? DepositCompletedSchema : WithdrawalCompletedSchema;
  const options = { key: accountId, id: uuidV7OfFact(transferId, 'completed') };
  await enqueueEvent(tx, schema, { accountId, transferId, amount, currency: cashAsset }, options);
}

/** Adds the event of a correction to the outbox, in the transaction that books it. */
export async function publishAdjustmentCompleted(tx: Sql, adjustment: Adjustment): Promise<void> {
  const { accountId, adjustmentId, asset, amount, reason } = adjustment;
  const options = { key: accountId, id: uuidV7OfFact(adjustmentId, 'booked') };
  const message = { accountId, adjustmentId, asset, amount: formatAmount(asset, amount), reason };
  await enqueueEvent(tx, AdjustmentCompletedSchema, message, options);
}

/** Adds the alarm that settlement of a shard has halted before an event to the outbox, in the transaction that stores the halt. */
export async function publishSettlementHalted(tx: Sql, shard: number, sequence: bigint): Promise<void> {
  await enqueueEvent(tx, SettlementHaltedSchema, { shard, sequence }, { key: String(shard) });
}
