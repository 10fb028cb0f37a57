/** Starts the RabbitMQ that is installed on this machine, as a node of its own: its own folder, ports, users and cookie. */
import { connect } from 'amqplib';
import { spawnLogged } from '#platform/local-programs/spawn-logged.ts';
import { pause } from '#platform/time/pause.ts';
import { within } from '#platform/time/within.ts';
import { findEpmd, findRabbitmqServer } from './find-server.ts';
import { type NodeSettings, writeNodeSettings } from './node-settings.ts';

/** A running node. */
export type LocalRabbitmq = {
  /** Process id of the server. */
  pid: number;
  /** Process ids of all that runs for it. */
  pids: number[];
  /** Address for AMQP_URL, with its credentials. */
  url: string;
  /** Address of the management page. */
  managementUrl: string;
  /** Environment of its processes, with which `rabbitmqctl` reaches it. */
  env: Record<string, string>;
  /** Resolves when the server has ended, by `stop` or by itself. */
  ended: Promise<void>;
  /** Ends it in order; what it stores stays. */
  stop(): Promise<void>;
};

const readyTimeoutMs = 90_000;
const stopTimeoutMs = 20_000;
const connectTimeoutMs = 5_000;
const pollMs = 200;
const host = '127.0.0.1';

/** Words for a machine without RabbitMQ. */
export const rabbitmqMissing = 'RabbitMQ is not installed (on Debian: apt-get install rabbitmq-server)';

/**
 * Starts the node and resolves when it takes connections. Throws an error with a clear line when RabbitMQ is not installed, or with the
 * last lines of its output when it does not start within 90 s.
 */
export async function startLocalRabbitmq(
  settings: NodeSettings & { onLog?: (line: string) => void },
): Promise<LocalRabbitmq> {
  const server = findRabbitmqServer();
  const epmd = findEpmd();
  if (server === undefined || epmd === undefined) throw new Error(rabbitmqMissing);
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...writeNodeSettings(settings) };
  // In the foreground: the one that the server would start by itself stays when the server has ended.
  const nameServer = spawnLogged(epmd, [], env, settings.onLog);
  await pause(pollMs);
  const child = spawnLogged(server, [], env, settings.onLog);
  const ended = child.ended.then(async () => {
    nameServer.process.kill('SIGTERM');
    // It has the port that the next one needs.
    await nameServer.ended;
  });
  const { amqp, management } = settings.ports;
  const credentials = `${encodeURIComponent(settings.user)}:${encodeURIComponent(settings.password)}`;
  const url = `amqp://${credentials}@${host}:${amqp}`;
  const stop = async () => {
    child.process.kill('SIGTERM');
    await within(stopTimeoutMs, ended).catch(() => child.process.kill('SIGKILL'));
    await ended;
  };
  try {
    await untilReady(url, ended);
  } catch (error) {
    await stop();
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${child.lastLines().join('\n')}`);
  }
  const pid = child.process.pid ?? 0;
  const pids = [pid, nameServer.process.pid ?? 0];
  return { pid, pids, url, managementUrl: `http://${host}:${management}/`, env, ended, stop };
}

async function untilReady(url: string, ended: Promise<void>): Promise<void> {
  const hasEnded = ended.then(() => true);
  const deadlineMs = performance.now() + readyTimeoutMs;
  for (;;) {
    try {
      return await within(connectTimeoutMs, connectOnce(url));
    } catch (cause) {
      if (performance.now() > deadlineMs) throw new Error('RabbitMQ is not ready in time', { cause });
    }
    if (await Promise.race([hasEnded, pause(pollMs).then(() => false)])) throw new Error('RabbitMQ ended');
  }
}

async function connectOnce(url: string): Promise<void> {
  const connection = await connect(url, { timeout: connectTimeoutMs });
  connection.on('error', () => {});
  await connection.close();
}
