/** A server of the bench in a process of its own: the gateway before fake services, or plain node:http2. */
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { startTestGateway } from '../../gateway/testing/index.ts';
import { serveTasks } from '../system/helper-process.ts';

/** What the process can be asked for. */
export type ServerTasks = typeof tasks;

/** Which server is measured. */
export type ServerKind = 'plain' | 'gateway';

const answer = { instrument: { symbol: 'ACME' } };
const unlimited = { callsPerSecondMax: 1_000_000, callsBurstMax: 1_000_000 };

const tasks = {
  /** Starts it and gives its port. */
  start: (kind: ServerKind) => (kind === 'plain' ? startPlain() : startGateway()),
  /** Processor time of the process so far, in ms. */
  async processor(_: undefined): Promise<number> {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

serveTasks(tasks);

async function startGateway(): Promise<number> {
  const { port } = await startTestGateway(
    {
      getInstrument: async () => answer,
      async *streamQuotes(_, { signal }) {
        yield { message: { case: 'heartbeat', value: {} } };
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    },
    unlimited,
  );
  return port;
}

/** Answers a call when its request is complete, and leaves a stream open. */
async function startPlain(): Promise<number> {
  const server = http2.createServer((request, response) => {
    request.on('error', () => {});
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (request.url.endsWith('StreamQuotes')) response.write('begun');
      else response.end(JSON.stringify(answer));
    });
  });
  server.on('session', (session) => session.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
