import { type RowsQuery, Selection, type TableQuery } from '#gen/outcry/audit/v1/rows_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { AuditedTable, AuditedTables } from './audited-table.ts';

const partsMax = 20;
const idsMax = 10_000;

/** A statement of a part of a query. */
export type PartStatement = { part: number; table: AuditedTable; isDigest: boolean; text: string; values: unknown[] };

/** Marks the statements of the audit, which alone read whole tables. */
export const auditMark = '/* audit */';

/** The statements of a query. Throws INVALID_ARGUMENT for a table or selection that the service does not have. */
export function statementsOf(tables: AuditedTables, query: RowsQuery | undefined): PartStatement[] {
  const parts = query?.tables ?? [];
  if (parts.length === 0 || parts.length > partsMax) throw invalidArgument('query.tables', `must be 1 to ${partsMax}`);
  return parts.map((part, index) => statementOf(tables[part.table], part, index));
}

function statementOf(table: AuditedTable | undefined, query: TableQuery, part: number): PartStatement {
  if (table === undefined) throw invalidArgument('query.tables', `has the unknown table ${query.table}`);
  if (query.ids.length > idsMax) throw invalidArgument('query.tables', `must name at most ${idsMax} ids`);
  const isDigest = query.selection === Selection.DIGESTS;
  const { where, values } = conditionOf(table, query);
  const text = isDigest ? digestsSql(table, where) : rowsSql(table, where, query.selection !== Selection.BLOCK_HASHES);
  return { part, table, isDigest, text: `${auditMark} ${text}`, values };
}

function rowsSql(table: AuditedTable, where: string, hasValues: boolean): string {
  const columns = hasValues ? table.columns : [];
  const values = columns.map((column) => `coalesce((${expressionOf(column)})::text, '')`).join(', ');
  const order = table.order === undefined ? '' : ` ORDER BY ${table.order}`;
  return `SELECT (${table.key})::text AS key, ARRAY[${values}]::text[] AS values, ${hashSql(table)} AS hash,
    (${table.block ?? "''"})::text AS block FROM ${table.from} WHERE ${where}${order}`;
}

function digestsSql(table: AuditedTable, where: string): string {
  return `SELECT (${table.block ?? "''"})::text AS block, count(*) AS rows, bit_xor(${hashSql(table)}) AS digest
    FROM ${table.from} WHERE ${where} GROUP BY ${table.block ?? "''"}`;
}

/** The expression of a column, which is its name where it has no other. */
function expressionOf(column: string): string {
  return column.split(' AS ')[0] ?? column;
}

/** The name of a column. */
export function nameOf(column: string): string {
  return column.split(' AS ').at(-1) ?? column;
}

function hashSql({ keyColumns, columns, hashed = [], hashedAs = {}, changing = [] }: AuditedTable): string {
  // As they are stored: texts are made for the rows alone that are sent.
  const plain = columns.filter((column) => expressionOf(column) === column && !changing.includes(column));
  const counted = [...keyColumns, ...plain, ...hashed].map((column) => hashedAs[column] ?? column);
  return `hash_record_extended(ROW(${counted.join(', ')}), 0)`;
}

function conditionOf(table: AuditedTable, query: TableQuery): { where: string; values: unknown[] } {
  const final = table.final ?? 'true';
  switch (query.selection) {
    case Selection.ALL:
      return { where: 'true', values: [] };
    case Selection.DIGESTS:
      return { where: final, values: [] };
    case Selection.LIVE:
      return { where: required(table.live, query), values: [] };
    case Selection.IDS:
      return { where: required(table.ids, query), values: [possibleIds(table, query.ids)] };
    case Selection.RANGE:
      return { where: required(table.range, query), values: [query.after, query.upTo] };
    case Selection.BLOCK:
    case Selection.BLOCK_HASHES:
      return { where: `${required(table.inBlock, query)} AND ${final}`, values: [query.ids[0] ?? ''] };
    default:
      throw invalidArgument('query.tables', 'must state a selection');
  }
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is no UUID is in no table of UUIDs. A damaged fact may name one, and is to be found by that, not to end the pass that reads it. */
function possibleIds({ ids: predicate }: AuditedTable, ids: readonly string[]): readonly string[] {
  return predicate?.includes('::uuid[]') ? ids.filter((id) => uuidPattern.test(id)) : ids;
}

function required(predicate: string | undefined, { table }: TableQuery): string {
  if (predicate === undefined)
    throw invalidArgument('query.tables', `asks of ${table} what the service does not offer`);
  return `(${predicate})`;
}
