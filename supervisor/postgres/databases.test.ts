import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '#platform/testing/postgres.ts';
import { createDatabases, databaseName, databaseUrl, planDatabases } from './databases.ts';

describe('planDatabases', () => {
  it('needs the embedded server when no URL is given', () => {
    expect(planDatabases(['order', 'bus'], {})).toMatchObject({ embedded: true, serverUrl: undefined });
  });

  it('puts all databases on DATABASE_URL but those with a URL of their own', () => {
    const plan = planDatabases(['order', 'bus'], {
      DATABASE_URL: 'postgres://me:pw@db:5432/postgres?sslmode=require',
      DATABASE_URL_BUS: 'postgres://bus.example/bus',
    });
    expect(plan.embedded).toBe(false);
    const server = plan.serverUrl ?? '';
    expect(databaseUrl(plan, server, 'order')).toBe('postgres://me:pw@db:5432/outcry_order?sslmode=require');
    expect(databaseUrl(plan, server, 'bus')).toBe('postgres://bus.example/bus');
  });

  it('starts no server when every database is given', () => {
    const env = { DATABASE_URL_ORDER: 'postgres://a/b', DATABASE_URL_BUS: 'postgresql://a/c' };
    expect(planDatabases(['order', 'bus'], env).embedded).toBe(false);
  });

  it('refuses what is no PostgreSQL URL, naming the variable and not the value', () => {
    expect(() => planDatabases(['order'], { DATABASE_URL_ORDER: 'mysql://root:secret@db' })).toThrow(
      /^DATABASE_URL_ORDER is not a PostgreSQL URL [^s]*postgres/,
    );
  });
});

describe('createDatabases', () => {
  it('makes what is missing and leaves what is there', async () => {
    await using database = await testDatabase();
    const names = [`a${Date.now()}`, `b${Date.now()}`];
    const [first = '', second = ''] = names;
    const server = database.url;
    await createDatabases(planDatabases([first], { DATABASE_URL: server }), server);
    const plan = planDatabases(names, { DATABASE_URL: server });
    await query(databaseUrl(plan, server, first), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await createDatabases(plan, server);
    expect(await query(databaseUrl(plan, server, first), 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(await query(databaseUrl(plan, server, second), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    for (const name of names) await query(server, `DROP DATABASE ${databaseName(name)} WITH (FORCE)`);
  });

  it('makes each once for several starts on one server', async () => {
    await using database = await testDatabase();
    const names = ['a', 'b', 'c', 'd'].map((name) => `${name}${Date.now()}`);
    const plan = planDatabases(names, { DATABASE_URL: database.url });
    await Promise.all(Array.from({ length: 4 }, () => createDatabases(plan, database.url)));
    for (const name of names) {
      expect(await query(databaseUrl(plan, database.url, name), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await query(database.url, `DROP DATABASE ${databaseName(name)} WITH (FORCE)`);
    }
  });

  it('says in one line why the server cannot be used', async () => {
    const plan = planDatabases(['order'], { DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/x' });
    await expect(createDatabases(plan, plan.serverUrl ?? '')).rejects.toThrow(
      /^cannot prepare the databases on 127\.0\.0\.1:1: .*ECONNREFUSED/,
    );
  });
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function testDatabase(): Promise<{ url: string } & AsyncDisposable> {
  const { url, drop } = await createTestDatabase();
  return { url, [Symbol.asyncDispose]: drop };
}
