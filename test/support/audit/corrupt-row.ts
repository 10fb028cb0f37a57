import pg from 'pg';
import { loadSecrets } from '../../../supervisor/index.ts';
import type { RunningSystem } from '../../../supervisor/testing/index.ts';
import type { Corruption } from './corruption.ts';

const postgresOffset = 120;

/** Direct access to the databases of a running system, one connection each. */
export type Databases = AsyncDisposable & { of(name: string): Promise<pg.Client> };

/** Opens it; foreign keys are not checked through it, as they would refuse what a damaged disk does not ask for. */
export function openDatabases(system: RunningSystem): Databases {
  const clients = new Map<string, pg.Client>();
  return {
    async of(name) {
      const known = clients.get(name);
      if (known) return known;
      const client = new pg.Client({
        host: '127.0.0.1',
        port: system.gatewayPort + postgresOffset,
        user: 'postgres',
        password: loadSecrets(system.dataDirectory).postgresPassword,
        database: `outcry_${name}`,
      });
      await client.connect();
      await client.query(`SET session_replication_role = replica`);
      clients.set(name, client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients.values()) await client.end();
    },
  };
}

/** Changes one row; returns what must be named, and what makes it as it was. */
export async function corruptRow(
  databases: Databases,
  { database, table: name, where, change, key }: Corruption,
): Promise<{ key: string; repair: () => Promise<void> }> {
  const client = await databases.of(database);
  const table = name
    .split('.')
    .map((part) => pg.escapeIdentifier(part))
    .join('.');
  if ('add' in change) return addRow(client, table, { columns: change.add, key });
  const found = await client.query(
    `SELECT t.ctid::text AS place, to_jsonb(t)::text AS row, (${key})::text AS key FROM ${table} AS t WHERE ${where}
     ORDER BY t.ctid LIMIT 1`,
  );
  const [row] = found.rows;
  if (row === undefined) throw new Error(`the test has no row of ${table} where ${where}`);
  const putBack = () =>
    client.query(
      `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::${table}, $1::jsonb)`,
      [row.row],
    );
  const takeOut = (place: string) => client.query(`DELETE FROM ${table} WHERE ctid = $1::tid`, [place]);
  if ('remove' in change) {
    await takeOut(row.place);
    return { key: row.key, repair: async () => void (await putBack()) };
  }
  if ('copyWith' in change) {
    const columns = Object.entries(change.copyWith).map(([name, value]) => `jsonb_build_object('${name}', ${value})`);
    const added = await client.query(
      `INSERT INTO ${table} OVERRIDING SYSTEM VALUE
       SELECT * FROM jsonb_populate_record(NULL::${table}, $1::jsonb || ${columns.join(' || ')})
       RETURNING ctid::text AS place`,
      [row.row],
    );
    return { key: row.key, repair: async () => void (await takeOut(added.rows[0].place)) };
  }
  const changed = await client.query(
    `UPDATE ${table} AS t SET ${change.set} WHERE ctid = $1::tid RETURNING ctid::text AS place, (${key})::text AS key`,
    [row.place],
  );
  return {
    key: row.key,
    repair: async () => {
      await takeOut(changed.rows[0].place);
      await putBack();
    },
  };
}

async function addRow(
  client: pg.Client,
  table: string,
  { columns, key }: { columns: Record<string, string>; key: string },
): Promise<{ key: string; repair: () => Promise<void> }> {
  const names = Object.keys(columns).map((name) => pg.escapeIdentifier(name));
  const added = await client.query(
    `INSERT INTO ${table} (${names.join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${Object.values(columns).join(', ')})
     RETURNING ctid::text AS place, (${key})::text AS key`,
  );
  const [{ place, key: named }] = added.rows;
  return {
    key: named,
    repair: async () => void (await client.query(`DELETE FROM ${table} WHERE ctid = $1::tid`, [place])),
  };
}
