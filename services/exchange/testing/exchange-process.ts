/** The exchange as processes of their own, which tests kill and stop. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { testServiceTokenSecret } from '#platform/testing/tokens.ts';
import { connectExchange, type ExchangeClients } from './running-exchange.ts';

/** A process; disposing it kills it. */
export type ExchangeProcess = Disposable & {
  child: ChildProcess;
  port: number;
  address: string;
  /** Resolves when it has ended. */
  exited: Promise<unknown>;
  /** What it has logged last. */
  log(): string;
};

const startTimeoutMs = 30_000;
const logLengthMax = 20_000;
const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Starts a process on a database; `env` is added to what it is told. Does not wait until it answers. */
export async function startProcess(
  databaseUrl: string,
  options: { port?: number; env?: Record<string, string> } = {},
): Promise<ExchangeProcess> {
  const port = options.port ?? (await freePort());
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    SERVICE_TOKEN_SECRET: testServiceTokenSecret,
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

/** Resolves when calls are answered. A client's retry budget is too small to wait for a process that starts slowly. */
export async function untilServing(clients: ExchangeClients): Promise<void> {
  await untilTrue(async () => {
    await clients.order.getShard({ shard: 0 }, { timeoutMs: 2_000 });
    return true;
  });
}

/** Resolves when the process has an engine that has reached the head of the journal. */
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
    if (Date.now() > deadlineMs) throw new Error('the exchange is not there in time');
    await delay(50);
  }
}
