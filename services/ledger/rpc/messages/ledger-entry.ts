/** Entries as messages of the ledger's feed. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type LedgerEntry, LedgerEntrySchema } from '#gen/outcry/ledger/v1/feed_pb.ts';
import { Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsPerCent } from '#platform/money/decimal.ts';
import type { EntryFact, SettledSide } from '../../domain/entry.ts';

/** The bytes that are stored of an entry's message: all of it but the sequence, which is drawn last. */
export function encodeEntry(fact: EntryFact, timeMs: number): Uint8Array {
  return toBinary(LedgerEntrySchema, create(LedgerEntrySchema, { timeMs: BigInt(timeMs), entry: factMessage(fact) }));
}

/** The message of a stored entry. */
export function decodeEntry({ sequence, message }: { sequence: bigint; message: Uint8Array }): LedgerEntry {
  return Object.assign(fromBinary(LedgerEntrySchema, message), { sequence });
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
          valueMicros: fact.valueMicros,
          valueCents: wholeCents(fact.valueMicros),
          buyer: sideMessage(fact.buyer),
          seller: sideMessage(fact.seller),
          takerSide: fact.takerSide === 'buy' ? Side.BUY : Side.SELL,
        },
      };
    case 'cash':
      return {
        case: 'cashMoved' as const,
        value: {
          accountId: fact.accountId,
          amountMicros: fact.amountMicros,
          amountCents: wholeCents(fact.amountMicros),
          transferId: fact.transferId,
        },
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
    case 'adjustment': {
      const { kind: _, amount: amountMicros, ...same } = fact;
      return { case: 'accountAdjusted' as const, value: { ...same, amountMicros } };
    }
  }
}

function sideMessage({ accountId, orderId, feeMicros }: SettledSide) {
  return { accountId, orderId, feeMicros, feeCents: wholeCents(feeMicros) };
}

/** What releases read that know no millionths; 0 for what they cannot read. */
function wholeCents(micros: bigint): bigint {
  return micros % microsPerCent === 0n ? micros / microsPerCent : 0n;
}
