/** Movements of an account in words, and a statement of its cash for a period. */
import { EntryKind, type StatementEntry } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { millisOf } from '../../figures/time-text.ts';

const kinds: Partial<Record<EntryKind, string>> = {
  [EntryKind.DEPOSIT]: 'Deposit',
  [EntryKind.WITHDRAWAL]: 'Withdrawal',
  [EntryKind.ISSUE]: 'Issue',
  [EntryKind.TRADE]: 'Trade',
  [EntryKind.FEE]: 'Fee',
  [EntryKind.ADJUSTMENT]: 'Adjustment',
};

/** Why something moved, such as `Trade`. */
export function entryKindText(kind: EntryKind): string {
  return kinds[kind] ?? 'Movement';
}

/** Which movements are listed. */
export const entryFilters = [
  { value: 'all', text: 'All', kinds: [] },
  { value: 'trades', text: 'Trades', kinds: [EntryKind.TRADE] },
  { value: 'fees', text: 'Fees', kinds: [EntryKind.FEE] },
  { value: 'transfers', text: 'Transfers', kinds: [EntryKind.DEPOSIT, EntryKind.WITHDRAWAL] },
  { value: 'issues', text: 'Issues', kinds: [EntryKind.ISSUE] },
  { value: 'adjustments', text: 'Adjustments', kinds: [EntryKind.ADJUSTMENT] },
] as const;

/** The name of a filter. */
export type EntryFilter = (typeof entryFilters)[number]['value'];

/** A line of a statement: a movement, and for one of cash the cash after it. */
export type StatementLine = { entry: StatementEntry; cashAfter: string | undefined };

/** A statement: cash before and after, and what moved, oldest first. */
export type Statement = { opening: string; closing: string; lines: StatementLine[] };

/**
 * The statement of a period out of the movements from its begin on, newest first, and the cash after the newest of them. All is exact: the
 * closing cash is that cash less what moved after the period.
 */
export function statementOf(options: {
  entries: readonly StatementEntry[];
  cashNow: string;
  currency: string;
  untilMs: number;
}): Statement {
  const { entries, currency, untilMs } = options;
  let cash = parseMicros(options.cashNow) ?? 0n;
  let closing: bigint | undefined;
  const lines: StatementLine[] = [];
  for (const entry of entries) {
    const isCash = entry.asset === currency;
    if ((millisOf(entry.time) ?? 0) < untilMs) {
      closing ??= cash;
      lines.push({ entry, cashAfter: isCash ? microsText(cash, 2) : undefined });
    }
    if (isCash) cash -= parseMicros(entry.amount) ?? 0n;
  }
  return { opening: microsText(cash, 2), closing: microsText(closing ?? cash, 2), lines: lines.reverse() };
}
