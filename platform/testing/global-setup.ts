import { createServer, type ServerResponse } from 'node:http';
import { startTestPostgres, type TestPostgres } from './postgres.ts';
import { startTestRabbitmq, type TestRabbitmq } from './rabbitmq.ts';

/**
 * Starts the run's one PostgreSQL, and its one RabbitMQ, when the first test file asks for it, so that a run of pure tests starts none. Test
 * processes find them through OUTCRY_TEST_POSTGRES_STARTER and OUTCRY_TEST_RABBITMQ_STARTER; the latter answers with the URL of a new
 * virtual host each time. Returns the teardown.
 */
export async function setup(): Promise<() => Promise<void>> {
  let postgres: Promise<TestPostgres> | undefined;
  let rabbitmq: Promise<TestRabbitmq> | undefined;
  let hostCount = 0;
  const server = createServer((request, response) => {
    if (request.url === '/rabbitmq') {
      rabbitmq ??= startTestRabbitmq();
      answer(
        response,
        rabbitmq.then((broker) => broker.createHost(`test-${++hostCount}`)),
      );
    } else {
      postgres ??= startTestPostgres();
      answer(
        response,
        postgres.then((started) => started.url('postgres')),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the starter has no address');
  process.env.OUTCRY_TEST_POSTGRES_STARTER = `http://127.0.0.1:${address.port}/`;
  process.env.OUTCRY_TEST_RABBITMQ_STARTER = `http://127.0.0.1:${address.port}/rabbitmq`;
  return async () => {
    server.close();
    server.closeAllConnections();
    for (const starting of [postgres, rabbitmq]) {
      const started = await starting?.catch(() => undefined);
      await started?.[Symbol.asyncDispose]();
    }
  };
}

function answer(response: ServerResponse, text: Promise<string>): void {
  text.then(
    (url) => response.end(url),
    (error: Error) => response.writeHead(500).end(error.message),
  );
}
