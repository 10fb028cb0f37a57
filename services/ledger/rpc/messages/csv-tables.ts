/** The tables of an account as lines of CSV. Their columns are part of the contract: new ones come last. */
import { cashAsset, formatAmount } from '../../domain/asset.ts';
import { type CsvCell, csvLine } from '../../domain/csv.ts';
import type { PostingKind } from '../../domain/entry.ts';
import type { StoredTransfer } from '../../domain/transfer.ts';

/** A line of a statement. */
type StatementLine = {
  sequence: bigint;
  bookTime: Date;
  kind: PostingKind;
  asset: string;
  amount: bigint;
  reference: string;
  orderId: string | null;
  reason: string | null;
};

const text = (value: string): CsvCell => ({ text: value });
const number = (value: string): CsvCell => ({ number: value });
const header = (...names: string[]) => csvLine(names.map(text));

/** The first line of a statement. */
export const statementHeader = header('sequence', 'time', 'kind', 'asset', 'amount', 'reference', 'order_id', 'reason');

/** The first line of a list of transfers. */
export const transfersHeader = header('transfer_id', 'time', 'kind', 'amount', 'currency', 'status', 'stage');

/** A movement. */
export function statementLine(line: StatementLine): string {
  const { sequence, bookTime, kind, asset, amount, reference, orderId, reason } = line;
  return csvLine([
    number(String(sequence)),
    text(bookTime.toISOString()),
    text(kind),
    text(asset),
    number(formatAmount(asset, amount)),
    text(reference),
    text(orderId ?? ''),
    text(reason ?? ''),
  ]);
}

/** A transfer; its amount is below 0 when it goes out. */
export function transferLine({ transferId, createTimeMs, kind, amountMicros, status, stage }: StoredTransfer): string {
  return csvLine([
    text(transferId),
    text(new Date(createTimeMs).toISOString()),
    text(kind),
    number(formatAmount(cashAsset, kind === 'deposit' ? amountMicros : -amountMicros)),
    text(cashAsset),
    text(status),
    text(stage),
  ]);
}
