/** What a release asks of the schema of a database, and whether a newer schema still gives it. */
import { readFile } from 'node:fs/promises';
import type pg from 'pg';

/** The snapshot of a release for one database. */
export type ReleasedSchema = {
  /** Every column, as `SCHEMA.TABLE.COLUMN`. */
  columns: string[];
  /** Every different statement that the services sent, with its parameters as $1, $2 and so on. */
  statements: string[];
};

const statementShownMax = 160;

/** The file with the snapshot of a database, named after the service that owns it, or `bus`. */
export function snapshotUrl(name: string): URL {
  return new URL(`./snapshots/${name}.json`, import.meta.url);
}

/** Reads the snapshot of a database. Rejects when there is none. */
export async function readSnapshot(name: string): Promise<ReleasedSchema> {
  return JSON.parse(await readFile(snapshotUrl(name), 'utf8')) as ReleasedSchema;
}

type Column = { name: string; isFilled: boolean };

const columnsSql = `
  SELECT format('%s.%s.%s', n.nspname, c.relname, a.attname) AS name,
    NOT a.attnotnull OR a.atthasdef OR a.attidentity <> '' AS "isFilled"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY 1`;

/** The columns of a database; `isFilled`: a row may be inserted without a value for it. */
export async function readColumns(client: pg.Client): Promise<Column[]> {
  return (await client.query<Column>(columnsSql)).rows;
}

/**
 * Finds what of a release would fail on the schema of this database while its pods run beside the next ones: statements that name what is
 * gone or has another type, and inserts that leave out a new column which must have a value. One line for each.
 */
export async function findBroken(client: pg.Client, release: ReleasedSchema): Promise<string[]> {
  return [...findUnfilled(await readColumns(client), release.columns), ...(await findRefused(client, release))];
}

function findUnfilled(columns: readonly Column[], released: readonly string[]): string[] {
  const known = new Set(released);
  const tables = new Set(released.map(tableOf));
  const added = columns.filter(({ name }) => !known.has(name) && tables.has(tableOf(name)));
  return added
    .filter(({ isFilled }) => !isFilled)
    .map(({ name }) => `${name} is new and must have a value, which the last release does not give; add a default`);
}

async function findRefused(client: pg.Client, { statements }: ReleasedSchema): Promise<string[]> {
  const problems: string[] = [];
  for (const statement of statements) {
    try {
      await client.query(`PREPARE released AS ${statement}`);
      await client.query('DEALLOCATE released');
    } catch (error) {
      const shown = statement.replaceAll(/\s+/g, ' ').slice(0, statementShownMax);
      problems.push(`${error instanceof Error ? error.message : String(error)}: ${shown}`);
    }
  }
  return problems;
}

function tableOf(column: string): string {
  return column.slice(0, column.lastIndexOf('.'));
}
