/** Statements on the databases of a running system, as their superuser. */
import pg from 'pg';
import { loadSecrets } from '../../../supervisor/index.ts';
import type { RunningSystem } from '../../../supervisor/testing/index.ts';

/** Connections to some of the stores. */
export type Stores = AsyncDisposable & {
  /** The rows of a statement; int8 and numeric are texts. Rejects when there is no answer within half a minute. */
  read<R extends object>(store: string, text: string, values?: unknown[]): Promise<R[]>;
};

const timeoutMs = 30_000;

/** Connects to the databases of these services. */
export async function connectStores(system: RunningSystem, names: readonly string[]): Promise<Stores> {
  await using stack = new AsyncDisposableStack();
  const clients = new Map<string, pg.Client>();
  for (const name of names) clients.set(name, await connect(system, name, stack));
  const connected = stack.move();
  return {
    async read<R extends object>(store: string, text: string, values: unknown[] = []): Promise<R[]> {
      const client = clients.get(store);
      if (client === undefined) throw new Error(`${store} is not connected`);
      return (await client.query<R>(text, values)).rows;
    },
    [Symbol.asyncDispose]: () => connected.disposeAsync(),
  };
}

async function connect(system: RunningSystem, name: string, stack: AsyncDisposableStack): Promise<pg.Client> {
  const { postgres } = system.run();
  if (postgres === undefined) throw new Error('the system has no PostgreSQL of its own');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: postgres.port,
    user: 'postgres',
    password: loadSecrets(system.dataDirectory).postgresPassword,
    database: `outcry_${name}`,
    application_name: 'chaos judge',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => {});
  await client.connect();
  stack.defer(() => client.end().catch(() => {}));
  return client;
}
