import type { Findings } from './finding.ts';

/** A row of a store: its values by column, as text. */
export type StoredRow = {
  key: string;
  values: Readonly<Record<string, string>>;
  /** Hash of what does not change once the row is final. */
  hash: bigint;
  block: string;
};

/** Where a row is: `<service> <table>`. */
export type Place = string;

/** The value of a column; empty for none. */
export function textOf(row: StoredRow, column: string): string {
  return row.values[column] ?? '';
}

/** The number in a column; 0 for none. */
export function numberOf(row: StoredRow, column: string): bigint {
  const text = row.values[column];
  return text === undefined || text === '' ? 0n : BigInt(text);
}

/** What the columns of a row should be, by column. */
export type ExpectedValues = Readonly<Record<string, string | bigint>>;

/** Compares a row with what it should be, and adds one finding that names the columns which differ. */
export function compareRow(
  findings: Findings,
  { rule, place, row, expected }: { rule: string; place: Place; row: StoredRow; expected: ExpectedValues },
): boolean {
  const wrong = Object.entries(expected).filter(([column, value]) => textOf(row, column) !== String(value));
  if (wrong.length === 0) return true;
  findings.add({
    rule,
    subject: `${place} ${row.key}`,
    expected: wrong.map(([column, value]) => `${column} ${value}`).join(', '),
    found: wrong.map(([column]) => `${column} ${textOf(row, column)}`).join(', '),
  });
  return false;
}
