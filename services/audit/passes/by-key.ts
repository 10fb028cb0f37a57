import type { StoredRow } from '../domain/row.ts';

/** Rows by their keys. */
export function byKey(rows: readonly StoredRow[]): Map<string, StoredRow> {
  return new Map(rows.map((row) => [row.key, row]));
}
