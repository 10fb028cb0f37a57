import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRabbitmqServer } from '#platform/local-rabbitmq/find-server.ts';
import { type LocalRabbitmq, startLocalRabbitmq } from '#platform/local-rabbitmq/start.ts';
import { pause } from '#platform/time/pause.ts';
import { timeoutSignal, within } from '#platform/time/within.ts';
import { freePort } from './free-port.ts';

/** A real RabbitMQ of its own for tests, in a new folder; disposing it removes its data. */
export type TestRabbitmq = AsyncDisposable & {
  /** Makes an empty virtual host and resolves to its URL. */
  createHost(name: string): Promise<string>;
  /** Runs `rabbitmqctl`. Rejects with what it printed. */
  control(...args: string[]): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /**
   * Resolves when a kill loses no queue any more of those that exist. The node writes its list of replicated queues about half a second after
   * one was declared; one that is killed earlier comes back with the queue, but without what was in it and without a leader.
   */
  untilQueuesAreSaved(): Promise<void>;
  /** The file in which the node has its list of replicated queues. */
  listOfQueues(): Promise<string>;
  /** Kills it and resolves when it has ended. */
  kill(): Promise<void>;
  /** Starts it anew on the same data and ports, once it has ended. */
  restart(): Promise<void>;
};

const saveTimeoutMs = 30_000;
const pollMs = 50;
/** Longer than what is waited for takes on a busy machine. */
const stepTimeoutMs = 120_000;

/** Whether this machine has one. */
export function hasRabbitmq(): boolean {
  return findRabbitmqServer() !== undefined;
}

/** Resolves to the URL of an empty virtual host, of the RabbitMQ that the test run starts when the first test asks for it. */
export async function createTestHost(): Promise<string> {
  const starter = process.env.OUTCRY_TEST_RABBITMQ_STARTER;
  if (!starter) throw new Error('Run with vitest and the root vitest.config.ts.');
  const response = await fetch(starter);
  const text = await response.text();
  if (!response.ok) throw new Error(`The test RabbitMQ did not start: ${text}`);
  return text;
}

/** Starts it on free ports. */
export async function startTestRabbitmq(): Promise<TestRabbitmq> {
  const directory = await mkdtemp(join(tmpdir(), 'outcry-rabbitmq-'));
  const [amqp, management, distribution, epmd] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const ports = { amqp, management, distribution, epmd };
  const password = randomBytes(12).toString('hex');
  const start = () => startLocalRabbitmq({ directory, ports, user: 'outcry', password });
  let server: LocalRabbitmq = await start();
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${server.managementUrl}api/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`outcry:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: timeoutSignal(stepTimeoutMs),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text;
  };
  const listOfQueues = async () => {
    for await (const path of glob(join(directory, 'data', '*', 'quorum', '*', 'names.dets'))) return path;
    throw new Error('the node has no list of replicated queues');
  };
  return {
    listOfQueues,
    async untilQueuesAreSaved() {
      const queues = JSON.parse(await ask('GET', 'queues')) as { name: string; vhost: string; type: string }[];
      const replicated = queues
        .filter(({ type }) => type === 'quorum')
        .map(({ name, vhost }) => lengthFirst(`${vhost}_${name}`));
      const file = await listOfQueues();
      const signal = timeoutSignal(saveTimeoutMs);
      for (;;) {
        const text = await readFile(file, 'latin1');
        if (replicated.every((name) => text.includes(name))) return;
        signal.throwIfAborted();
        await pause(pollMs);
      }
    },
    async createHost(name) {
      await ask('PUT', `vhosts/${name}`, {});
      await ask('PUT', `permissions/${name}/outcry`, { configure: '.*', write: '.*', read: '.*' });
      return `${server.url}/${name}`;
    },
    control: (...args) => within(stepTimeoutMs, runControl(server.env, args)),
    signal: (signal) => void process.kill(server.pid, signal),
    async kill() {
      process.kill(server.pid, 'SIGKILL');
      await within(stepTimeoutMs, server.ended);
    },
    async restart() {
      await within(stepTimeoutMs, server.ended);
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A name as it is in the node's files, so that it is not found as a part of a longer one. */
function lengthFirst(name: string): string {
  return `${String.fromCharCode(name.length)}${name}`;
}

function runControl(env: Record<string, string>, args: readonly string[]): Promise<string> {
  const program = (findRabbitmqServer() ?? '').replace(/rabbitmq-server$/, 'rabbitmqctl');
  const child = spawn(program, ['--node', env.RABBITMQ_NODENAME ?? '', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`rabbitmqctl ${args.join(' ')}: ${text}`)),
    );
  });
}
