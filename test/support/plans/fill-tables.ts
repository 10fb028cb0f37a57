/** Fills every table of a database with rows, so that its plans are those of a system that has run for long. */
import type pg from 'pg';

type Column = {
  name: string;
  type: string;
  isGenerated: boolean;
  isUnique: boolean;
  isIndexed: boolean;
  hasDefault: boolean;
  isNotNull: boolean;
};
type Table = { name: string; columns: Column[] };

/** Distinct values of a column that is indexed and not unique, such as accounts. */
const groups = 500;

const columnsSql = `
  SELECT format('%I.%I', n.nspname, c.relname) AS table_name, a.attname AS name, format_type(a.atttypid, NULL) AS type,
    a.attgenerated <> '' AS "isGenerated", a.attnotnull AS "isNotNull", a.atthasdef OR a.attidentity <> '' AS "hasDefault",
    EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY(i.indkey)) AS "isUnique",
    EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY(i.indkey)) AS "isIndexed"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY 1, a.attnum`;

/**
 * Copies the rows of each table until it has `rows` of them: unique columns get new values, indexed ones those of 500 groups, the others
 * stay as a service wrote them. A table without rows gets values of its types. Constraints are dropped before.
 */
export async function fillTables(client: pg.Client, rows: number): Promise<void> {
  await client.query(`SET session_replication_role = replica`);
  await dropConstraints(client);
  for (const table of await listTables(client)) {
    const { rowCount } = await client.query(`SELECT FROM ${table.name} LIMIT 1`);
    await client.query(rowCount ? copyRows(table) : newRows(table), [rows]);
  }
  await client.query('ANALYZE');
}

async function listTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Column & { table_name: string }>(columnsSql);
  return [...Map.groupBy(rows, ({ table_name }) => table_name)].map(([name, columns]) => ({ name, columns }));
}

// Rows of one table need not fit those of another here. Keys and their indexes stay.
async function dropConstraints(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(`
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) AS statement
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype IN ('c', 'f') AND conrelid <> 0 AND coninhcount = 0
      AND connamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')`);
  for (const { statement } of rows) await client.query(statement);
}

function copyRows({ name, columns }: Table): string {
  const written = columns.filter(({ isGenerated }) => !isGenerated);
  const values = written.map((column) => {
    const own = `sample.${quoted(column.name)}`;
    if (column.isUnique) return uniqueValue(column, own);
    return column.isIndexed ? `coalesce(${groupValue(column, own)}, ${own})` : own;
  });
  return `
    WITH sample AS (SELECT *, row_number() OVER () AS sample_number, count(*) OVER () AS sample_count FROM ${name} LIMIT 200)
    INSERT INTO ${name} (${written.map((column) => quoted(column.name)).join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT ${values.join(', ')}
    FROM generate_series(1, $1::int) AS g JOIN sample ON sample.sample_number = 1 + g % least(sample.sample_count, 200)
    ON CONFLICT DO NOTHING`;
}

function newRows({ name, columns }: Table): string {
  const written = columns.filter(
    ({ isGenerated, isNotNull, hasDefault, isIndexed }) => !isGenerated && ((isNotNull && !hasDefault) || isIndexed),
  );
  const values = written.map((column) =>
    column.isUnique ? uniqueValue(column, 'NULL') : groupValue(column, emptyOf(column.type)),
  );
  return `
    INSERT INTO ${name} (${written.map((column) => quoted(column.name)).join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT ${values.join(', ')} FROM generate_series(1, $1::int) AS g ON CONFLICT DO NOTHING`;
}

/** A value of its own for each row. */
function uniqueValue({ type }: Column, own: string): string {
  switch (type) {
    case 'uuid':
      return `md5('unique ' || g)::uuid`;
    case 'bigint':
    case 'integer':
    case 'numeric':
      return `(g + 1000)::${type}`;
    case 'smallint':
      return '(g % 30000)::smallint';
    case 'text':
      return `coalesce(${own}::text, '') || '-' || g`;
    case 'bytea':
      return `decode(md5(g::text), 'hex')`;
    default:
      return groupValue({ type }, own);
  }
}

/** One of some hundred values. */
function groupValue({ type }: Pick<Column, 'type'>, own: string): string {
  switch (type) {
    case 'uuid':
      return `md5('group ' || g % ${groups})::uuid`;
    case 'timestamp with time zone':
      return `now() - g * interval '1 minute'`;
    case 'bigint':
    case 'integer':
      return `(g % ${groups})::${type}`;
    default:
      return own;
  }
}

function emptyOf(type: string): string {
  if (type === 'text') return `'text'`;
  if (type === 'boolean') return 'false';
  if (type === 'bytea') return `'\\x00'::bytea`;
  if (type === 'json' || type === 'jsonb') return `'{}'::${type}`;
  if (type.endsWith('[]')) return `'{}'::${type}`;
  if (/^(smallint|integer|bigint|numeric|real|double precision)$/.test(type)) return `0::${type}`;
  if (type === 'uuid') return `'00000000-0000-0000-0000-000000000000'::uuid`;
  return type.startsWith('timestamp') || type === 'date' ? `now()::${type}` : `NULL::${type}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
