import { createServer } from 'node:http';
import { startTestPostgres, type TestPostgres } from './postgres.ts';

/**
 * Starts the run's one PostgreSQL when the first test file asks for it, so that a run of pure tests starts none. Test
 * processes find it through OUTCRY_TEST_POSTGRES_STARTER. Returns the teardown.
 */
export async function setup(): Promise<() => Promise<void>> {
  let starting: Promise<TestPostgres> | undefined;
  const server = createServer((_request, response) => {
    starting ??= startTestPostgres();
    starting.then(
      (postgres) => response.end(postgres.url('postgres')),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the starter has no address');
  process.env.OUTCRY_TEST_POSTGRES_STARTER = `http://127.0.0.1:${address.port}/`;
  return async () => {
    server.close();
    server.closeAllConnections();
    const postgres = await starting?.catch(() => undefined);
    await postgres?.[Symbol.asyncDispose]();
  };
}
