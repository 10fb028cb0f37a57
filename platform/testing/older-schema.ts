/** What tests of migrations need: the tables of an older release, and what they have before and after. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { RowsQuerySchema, Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import type { AuditedTable, AuditedTables } from '#platform/audit/audited-table.ts';
import { statementsOf } from '#platform/audit/statements.ts';
import { migrate } from '#platform/postgres/migrate.ts';
import type { Database, Sql } from '#platform/postgres/sql.ts';

/** A row as text by column; null where it has no value. */
export type TextRow = Record<string, string | null>;

/** Applies the migrations of a folder that come before a file, as the release before that file has done. */
export async function migrateBefore(db: Database, directory: URL, fileName: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'outcry-migrations-'));
  try {
    for (const name of await readdir(directory))
      if (name < fileName) await cp(new URL(name, directory), join(folder, name));
    await migrate(db, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** All rows of tables, in the order in which they were written where all were written once. */
export async function readTables(sql: Sql, tables: readonly string[]): Promise<Record<string, TextRow[]>> {
  const read: Record<string, TextRow[]> = {};
  for (const table of tables) {
    const { rows } = await sql.query<{ columns: string[]; values: (string | null)[] }>(
      `SELECT array_agg(key) AS columns, array_agg(value) AS values
       FROM (SELECT ctid, to_jsonb(t) AS row FROM ${table} AS t) AS r, jsonb_each_text(row) GROUP BY ctid ORDER BY ctid`,
    );
    read[table] = rows.map(({ columns, values }) =>
      Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null])),
    );
  }
  return read;
}

/**
 * What rows with cash in cents are once it is counted in micros: the columns of cash have other names and ten thousand times their value.
 * `isCash` names those whose name does not end in `_cents`.
 */
export function countedInMicros(
  tables: Record<string, TextRow[]>,
  isCash: (table: string, column: string, row: TextRow) => boolean = () => false,
): Record<string, TextRow[]> {
  const convert = (table: string, row: TextRow) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => {
        const changes = column.endsWith('_cents') || isCash(table, column, row);
        const name = column.replace(/_cents$/, '_micros');
        return [name, changes && value !== null ? String(BigInt(value) * 10_000n) : value];
      }),
    );
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [table, rows.map((row) => convert(table, row))]),
  );
}

/** A table of the audit as the release described it that counted cash in cents. */
export function auditedInCents(table: AuditedTable): AuditedTable {
  const { hashedAs = {}, ...rest } = table;
  const older = (column: string) =>
    (column.split(' AS ')[0] ?? column) in hashedAs ? column.replaceAll('_micros', '_cents') : column;
  return { ...rest, columns: rest.columns.map(older), hashed: rest.hashed?.map(older) };
}

/** The digests of all final rows of tables, by table and block. */
export async function readDigests(sql: Sql, tables: AuditedTables): Promise<Record<string, string[]>> {
  const digests: Record<string, string[]> = {};
  for (const name of Object.keys(tables)) {
    const query = create(RowsQuerySchema, { tables: [{ table: name, selection: Selection.DIGESTS }] });
    const [statement] = statementsOf(tables, query);
    const { rows } = await sql.query<{ block: string; rows: bigint; digest: bigint }>(statement?.text ?? '');
    digests[name] = rows.map(({ block, rows: count, digest }) => `${block} ${count} ${digest}`).sort();
  }
  return digests;
}
