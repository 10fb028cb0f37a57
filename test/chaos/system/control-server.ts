/** Gives orders to the agents inside of the processes of a run, and hears what they report. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { ArmedPoint } from '../crash-points/points.ts';

/** What an agent is asked to do. */
export type Order = {
  number: number;
  /** How far the clock is ahead from now on, in ms. */
  clockAheadMs?: number;
  /** At which point the process ends or stops. */
  point?: ArmedPoint;
};

/** A message of an agent. */
export type Report = { name: string; pid: number; point?: string };

/** The server of one run. */
export type ControlServer = AsyncDisposable & {
  port: number;
  /** Resolves once the process of this name has done it; rejects after a second, or when it is not connected. */
  send(name: string, order: Omit<Order, 'number'>): Promise<void>;
  /** Whether the process has an agent that is connected. */
  isConnected(name: string): boolean;
  onReport(listener: (report: Report) => void): void;
};

type Agent = { socket: Socket; pid: number; waiting: Map<number, () => void> };

const answerTimeoutMs = 2_000;

/** Listens on a free port of this machine. */
export async function startControlServer(): Promise<ControlServer> {
  const agents = new Map<string, Agent>();
  const listeners: ((report: Report) => void)[] = [];
  let number = 0;
  const hear = (report: Report) => {
    for (const listener of listeners) listener(report);
  };
  const server = createServer((socket) => greet(socket, agents, hear));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the control server has no port');
  return {
    port: address.port,
    isConnected: (name) => agents.has(name),
    onReport: (listener) => void listeners.push(listener),
    send(name, order) {
      const agent = agents.get(name);
      if (agent === undefined) return Promise.reject(new Error(`${name} has no agent`));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const own = ++number;
      agent.waiting.set(own, resolve);
      const timer = setTimeout(() => reject(new Error(`${name} does not answer`)), answerTimeoutMs);
      agent.socket.write(`${JSON.stringify({ number: own, ...order })}\n`);
      return promise.finally(() => {
        clearTimeout(timer);
        agent.waiting.delete(own);
      });
    },
    async [Symbol.asyncDispose]() {
      for (const { socket } of agents.values()) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function greet(socket: Socket, agents: Map<string, Agent>, hear: (report: Report) => void): void {
  let name = '';
  let agent: Agent | undefined;
  socket.on('error', () => {});
  socket.on('close', () => {
    if (agents.get(name) === agent) agents.delete(name);
  });
  const lines = createInterface({ input: socket });
  lines.on('error', () => {});
  lines.on('line', (line) => {
    const message = JSON.parse(line) as { name?: string; pid?: number; done?: number; point?: string };
    if (message.name !== undefined) {
      name = message.name;
      agent = { socket, pid: message.pid ?? 0, waiting: new Map() };
      agents.set(name, agent);
    } else if (message.done !== undefined) agent?.waiting.get(message.done)?.();
    else if (agent !== undefined) hear({ name, pid: agent.pid, ...message });
  });
}
