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
// The defaults of the product. The attacker is anonymous, the other caller a user, so that each has a rate of its own.
const rates = { callsPerSecondMax: 200, callsBurstMax: 400 };

/** Where a server listens, and the token of the other caller, empty where none is needed. */
export type Started = { port: number; token: string };

const tasks = {
  /** Starts it. */
  start: (kind: ServerKind) => (kind === 'plain' ? startPlain() : startGateway()),
  /** Processor time of the process so far, in ms. */
  async processor(_: undefined): Promise<number> {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
  /** Unary calls that came as far as the code that answers them. */
  begun: async (_: undefined): Promise<number> => begun,
};

let begun = 0;

serveTasks(tasks);

async function startGateway(): Promise<Started> {
  const gateway = await startTestGateway(
    {
      getInstrument: async () => {
        // Calls that are held would be paid for in garbage collection.
        gateway.received.length = 0;
        begun += 1;
        return answer;
      },
      async *streamQuotes(_, { signal }) {
        yield { message: { case: 'heartbeat', value: {} } };
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    },
    rates,
  );
  return { port: gateway.port, token: await gateway.identity.userToken() };
}

/** Answers a call when its request is complete, and leaves a stream open. */
async function startPlain(): Promise<Started> {
  const server = http2.createServer((request, response) => {
    request.on('error', () => {});
    begun += 1;
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (request.url.endsWith('StreamQuotes')) response.write('begun');
      else response.end(JSON.stringify(answer));
    });
  });
  server.on('session', (session) => session.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, token: '' };
}
