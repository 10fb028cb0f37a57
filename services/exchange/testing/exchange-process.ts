/** The exchange in processes of its own, which tests kill and stop. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '#platform/testing/free-port.ts';
import { testServiceKeyEnv } from '#platform/testing/service-keys.ts';
import { pause } from '#platform/time/pause.ts';
import { connectExchange, type ExchangeClients, unreachableAddress } from './running-exchange.ts';

/** A process; disposing it kills it. */
export type ExchangeProcess = Disposable & {
  child: ChildProcess;
  port: number;
  address: string;
  /** Resolves when it has ended. */
  exited: Promise<unknown>;
  /** The end of its log. */
  log(): string;
};

const startTimeoutMs = 30_000;
const logLengthMax = 20_000;
const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Starts a process on a database with further environment variables. Does not wait until it answers. */
export async function startProcess(
  databaseUrl: string,
  options: { port?: number; env?: Record<string, string> } = {},
): Promise<ExchangeProcess> {
  const port = options.port ?? (await freePort());
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    ...testServiceKeyEnv('exchange'),
    USER_ADDRESS: unreachableAddress,
    OUTCRY_PORT: String(port),
    OUTCRY_ADMIN_PORT: '0',
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      log = `${log}${data}`.slice(-logLengthMax);
    });
  }
  return {
    child,
    port,
    address: `127.0.0.1:${port}`,
    exited: once(child, 'exit'),
    log: () => log,
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

/** Resolves once calls are answered. A client's own retries end too early for a process that starts slowly. */
export async function untilServing(clients: ExchangeClients): Promise<void> {
  await untilTrue(async () => {
    await clients.order.getShard({ shard: 0 }, { timeoutMs: 2_000 });
    return true;
  });
}

/** Resolves once the process's engine has reached the head of the journal. */
export async function untilBuilt({ port }: ExchangeProcess): Promise<void> {
  await using clients = connectExchange(port);
  await untilTrue(async () => {
    const { groupNumber } = await clients.standby.getProgress({ shard: 0 }, { timeoutMs: 1_000 });
    return groupNumber > 0n;
  });
}

async function untilTrue(condition: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      if (await condition()) return;
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
    }
    if (Date.now() > deadlineMs) throw new Error('the exchange did not become ready in time');
    await pause(50);
  }
}
