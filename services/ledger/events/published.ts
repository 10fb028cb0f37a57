import { create } from '@bufbuild/protobuf';
import {
  DepositCompletedSchema,
  SettlementHaltedSchema,
  WithdrawalCompletedSchema,
} from '#gen/outcry/ledger/v1/events_pb.ts';
import { type LedgerEntry, LedgerEntrySchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { enqueueEvent } from '#platform/bus/outbox.ts';
import type { Sql } from '#platform/postgres/database.ts';
import { cashAsset, formatAmount } from '../domain/asset.ts';
import type { EntryFact } from '../domain/entry.ts';
import type { Transfer } from '../domain/transfer.ts';

/** What the feed tells of an entry, but for the sequence, which is not drawn yet. */
export function ledgerEntry(fact: EntryFact, timeMs: number): LedgerEntry {
  return create(LedgerEntrySchema, { timeMs: BigInt(timeMs), entry: factMessage(fact) });
}

/** Puts the event of a booked transfer into the outbox of its transaction. */
export async function publishTransferCompleted(tx: Sql, transfer: Transfer): Promise<void> {
  const { accountId, transferId } = transfer;
  const amount = formatAmount(cashAsset, transfer.amountCents);
  const schema = transfer.kind === 'deposit' ? DepositCompletedSchema : WithdrawalCompletedSchema;
  await enqueueEvent(tx, schema, { accountId, transferId, amount, currency: cashAsset }, { key: accountId });
}

/** Puts the alarm that a shard is not settled any more into the outbox. */
export async function publishSettlementHalted(tx: Sql, shard: number, sequence: bigint): Promise<void> {
  await enqueueEvent(tx, SettlementHaltedSchema, { shard, sequence }, { key: String(shard) });
}

function factMessage(fact: EntryFact) {
  switch (fact.kind) {
    case 'trade':
      return {
        case: 'tradeSettled' as const,
        value: {
          tradeId: fact.tradeId,
          symbol: fact.symbol,
          quantityMicros: fact.micros,
          valueCents: fact.valueCents,
          buyer: fact.buyer,
          seller: fact.seller,
          takerSide: fact.takerSide === 'buy' ? Side.BUY : Side.SELL,
        },
      };
    case 'cash':
      return {
        case: 'cashMoved' as const,
        value: { accountId: fact.accountId, amountCents: fact.amountCents, transferId: fact.transferId },
      };
    case 'issue':
      return {
        case: 'sharesIssued' as const,
        value: {
          accountId: fact.accountId,
          symbol: fact.symbol,
          quantityMicros: fact.micros,
          issueId: fact.issueId,
        },
      };
  }
}
