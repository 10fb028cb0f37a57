/** A gateway with fake services behind it, as a process of its own. `startGatewayProcess` starts it and sends it messages. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OnePortLimits } from '../port/limits.ts';
import { startTestGateway } from './start-test-gateway.ts';

/** What the process sends when it is ready. */
export type GatewayReady = { port: number; userToken: string };

/** What it answers to `usage`, after garbage collection. */
export type GatewayUsage = {
  /** Open handles by kind, such as TCPSocketWrap and Timeout. */
  handles: Record<string, number>;
  heapBytes: number;
  /** Processor time that the process has used, in ms. */
  processorMs: number;
  /** Calls that the fakes have not ended. */
  openCalls: number;
};

/** The symbol for which GetInstrument does not answer, nor StreamQuotes after its first message. */
export const silentSymbol = 'WAIT';

let openCalls = 0;

async function holdUntil(signal: AbortSignal): Promise<void> {
  openCalls += 1;
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  openCalls -= 1;
}

async function usage(): Promise<GatewayUsage> {
  gateway.received.length = 0;
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await nextTurn();
  }
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  const { user, system } = process.cpuUsage();
  return { handles, heapBytes: process.memoryUsage().heapUsed, processorMs: (user + system) / 1_000, openCalls };
}

const rates = { callsPerSecondMax: 1_000_000, callsBurstMax: 1_000_000 };
const gateway = await startTestGateway(
  {
    getInstrument: async ({ symbol }: { symbol: string }, { signal }) => {
      if (symbol === silentSymbol) await holdUntil(signal);
      return { instrument: { symbol } };
    },
    async *streamQuotes(_, { signal }) {
      yield { message: { case: 'heartbeat', value: {} } };
      await holdUntil(signal);
    },
  },
  rates,
  JSON.parse(process.argv[2] ?? '{}') as Partial<OnePortLimits>,
);
process.on('message', async () => process.send?.(await usage()));
process.on('disconnect', () => process.exit());
process.send?.({ port: gateway.port, userToken: await gateway.identity.userToken() } satisfies GatewayReady);
