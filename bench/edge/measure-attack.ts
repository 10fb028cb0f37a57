/** One client that does harm, another that does nothing wrong, and a server between them. */
import { distributionOf } from '../load/distribution.ts';
import { type Helper, startHelper } from '../system/helper-process.ts';
import type { AttackTasks } from './attackers.ts';
import type { ServerKind, ServerTasks, Started } from './servers.ts';
import { callSteadily } from './steady-caller.ts';

/** A running server. */
export type EdgeServer = Started & { kind: ServerKind; helper: Helper<ServerTasks> };

/** What the attacker does; gives what came of it, by name. */
export type Attack = (attackers: Helper<AttackTasks>, port: number) => Promise<Record<string, number>>;

/** What an attack did. */
export type Attacked = {
  /** The other caller's latency in ms. */
  p50: number;
  p99: number;
  max: number;
  /** Processor time that the server took for everything. */
  processorMs: number;
  /** Unary calls of the attacker that came as far as the code that answers them; at plain node:http2 streams too. */
  attackersBegun: number;
  /** What the attacker says of it. */
  outcome: Record<string, number>;
};

/** The servers that are compared. */
export const serverKinds: readonly ServerKind[] = ['plain', 'gateway'];

/** No attack. */
export const leaveAlone: Attack = async () => ({});

/** An attack that opens calls and resets each after the time. */
export function resetCalls(options: { perSecond: number; durationMs: number; resetAfterMs: number }): Attack {
  return (attackers, port) => attackers.ask('resetStreams', { port, ...options });
}

/** An attack that opens streams at once and holds them. */
export function openManyStreams(options: { count: number; durationMs: number }): Attack {
  return (attackers, port) => attackers.ask('openStreams', { port, ...options });
}

/** Starts one server of each kind. */
export async function startServers(): Promise<AsyncDisposable & { all: EdgeServer[] }> {
  const helpers = serverKinds.map(() => startHelper<ServerTasks>(new URL('./servers.ts', import.meta.url)));
  const start = async (kind: ServerKind, helper: Helper<ServerTasks>) => {
    return { kind, helper, ...(await helper.ask('start', kind)) };
  };
  return {
    all: await Promise.all(helpers.map((helper, index) => start(serverKinds[index] as ServerKind, helper))),
    async [Symbol.asyncDispose]() {
      await Promise.all(helpers.map((helper) => helper[Symbol.asyncDispose]()));
    },
  };
}

/** Runs the attack while the other caller calls. Rejects when one of its calls fails. */
export async function measureAttack(
  server: EdgeServer,
  attack: Attack,
  options: { callsPerSecond: number; durationMs: number; signal: AbortSignal },
): Promise<Attacked> {
  const { callsPerSecond: perSecond, durationMs, signal } = options;
  await using attackers = startHelper<AttackTasks>(new URL('./attackers.ts', import.meta.url));
  const usage = async () => ({
    processorMs: await server.helper.ask('processor', undefined),
    begun: await server.helper.ask('begun', undefined),
  });
  const before = await usage();
  const [latencies, outcome] = await Promise.all([
    callSteadily({ port: server.port, token: server.token, perSecond, durationMs, signal }),
    attack(attackers, server.port),
  ]);
  const after = await usage();
  const { p50, p99, max } = distributionOf(latencies);
  return {
    ...{ p50, p99, max, outcome },
    processorMs: after.processorMs - before.processorMs,
    attackersBegun: after.begun - before.begun - latencies.length,
  };
}
