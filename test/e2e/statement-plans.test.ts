/** Every statement that the services send finds its rows by an index, when its tables have been filled. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EmbeddedPostgres } from '#platform/embedded-postgres/start.ts';
import { planSettings } from '#platform/postgres/database.ts';
import { startPostgresOf } from '../../bench/orders/index.ts';
import { fillTables } from '../support/plans/fill-tables.ts';
import { findScans, type PlanNode, type Scan } from '../support/plans/find-scans.ts';
import { smallTables, wholeReads } from '../support/plans/may-be-scanned.ts';
import { recordSystem } from '../support/plans/record-system.ts';
import type { RecordedStatement } from '../support/plans/recorded-statements.ts';

const rowsPerTable = 5_000;
const partialSql =
  'SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE indpred IS NOT NULL';
const textMax = 240;

let dataDirectory: string;
let server: EmbeddedPostgres | undefined;
let statements: Map<string, RecordedStatement[]>;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'outcry-plans-'));
  statements = await recordSystem(dataDirectory);
  server = await startPostgresOf(dataDirectory);
}, 180_000);

afterAll(async () => {
  await server?.stop();
  await rm(dataDirectory, { recursive: true, force: true });
});

describe('statements of every service', () => {
  it('were recorded', () => {
    expect([...statements.keys()].sort()).toEqual(
      [
        'audit',
        'auto',
        'bus',
        'exchange',
        'ledger',
        'mailbox',
        'market',
        'notification',
        'order',
        'portfolio',
        'simulator',
        'user',
      ].map((name) => `outcry_${name}`),
    );
    expect([...statements.values()].flat().length).toBeGreaterThan(150);
  });

  it('read no table that grows as a whole', { timeout: 300_000 }, async () => {
    const problems: string[] = [];
    for (const [database, recorded] of statements) problems.push(...(await checkDatabase(database, recorded)));
    expect(problems).toEqual([]);
  });
});

async function checkDatabase(database: string, recorded: readonly RecordedStatement[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: server?.urlFor(database) });
  await client.connect();
  try {
    await fillTables(client, rowsPerTable);
    await client.query(planSettings.map((setting) => `SET ${setting.replace('=', ' = ')}`).join('; '));
    const { rows } = await client.query<{ name: string }>(partialSql);
    const partialIndexes = new Set(rows.map(({ name }) => name));
    const problems: string[] = [];
    for (const { text } of recorded)
      problems.push(...(await checkStatement(client, { database, text, partialIndexes })));
    return problems;
  } finally {
    await client.end();
  }
}

async function checkStatement(
  client: pg.Client,
  { database, text, partialIndexes }: RecordedStatement & { partialIndexes: ReadonlySet<string> },
): Promise<string[]> {
  const line = text.replaceAll(/\s+/g, ' ');
  if (wholeReads.some((known) => line.includes(known.text))) return [];
  const place = (what: string) => `${database}: ${what}: ${line.slice(0, textMax)}`;
  try {
    // As a prepared statement is planned: for any values of its parameters.
    const { rows } = await client.query(`EXPLAIN (GENERIC_PLAN, VERBOSE, FORMAT JSON) ${text}`);
    const scans = findScans(rows[0]['QUERY PLAN'][0].Plan as PlanNode, partialIndexes);
    return scans.filter(isOfGrowingTable).map(({ table, how }) => place(`${how} on ${table}`));
  } catch (error) {
    return [place(`cannot be explained: ${error instanceof Error ? error.message : String(error)}`)];
  }
}

function isOfGrowingTable({ table }: Scan): boolean {
  return smallTables[table] === undefined && !table.startsWith('pg_catalog.');
}
