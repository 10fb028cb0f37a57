import { textArray } from '#platform/postgres/columns.ts';
import type { Sql } from '#platform/postgres/sql.ts';

/** What a proved value is about. */
export type ProvedKind = 'order' | 'asset' | 'cash' | 'position' | 'message';

/** All values of a kind, by key. */
export async function readProved(sql: Sql, kind: ProvedKind): Promise<Map<string, string>> {
  const { rows } = await sql.query<{ key: string; value: string }>('SELECT key, value FROM proved WHERE kind = $1', [
    kind,
  ]);
  return new Map(rows.map(({ key, value }) => [key, value]));
}

/** Stores values. */
export async function saveProved(
  tx: Sql,
  kind: ProvedKind,
  values: readonly (readonly [string, string])[],
): Promise<void> {
  if (values.length === 0) return;
  await tx.query(
    `INSERT INTO proved (kind, key, value) SELECT $1, key, value FROM unnest($2::text[], $3::text[]) AS fresh (key, value)
     ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value`,
    [kind, textArray(values.map(([key]) => key)), textArray(values.map(([, value]) => value))],
  );
}

/** Removes values. */
export async function deleteProved(tx: Sql, kind: ProvedKind, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query('DELETE FROM proved WHERE kind = $1 AND key = ANY($2::text[])', [kind, textArray(keys)]);
}
