import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Attack,
  type Attacked,
  leaveAlone,
  measureAttack,
  openManyStreams,
  resetCalls,
  serverKinds,
  startServers,
} from './measure-attack.ts';
import type { ServerKind } from './servers.ts';

const durationMs = 1_000;
const rounds = 3;
const options = { callsPerSecond: 50, durationMs, signal: AbortSignal.timeout(120_000) };

let servers: Awaited<ReturnType<typeof startServers>>;
beforeAll(async () => {
  servers = await startServers();
  for (const server of servers.all) await measureAttack(server, leaveAlone, options);
});
afterAll(() => servers?.[Symbol.asyncDispose]());

/** Several rounds at each server, in turns. */
async function attackInTurns(attack: Attack, kinds: readonly ServerKind[] = serverKinds) {
  const measured: Record<ServerKind, Attacked[]> = { plain: [], gateway: [] };
  for (let round = 0; round < rounds; round++) {
    for (const server of servers.all) {
      if (kinds.includes(server.kind)) measured[server.kind].push(await measureAttack(server, attack, options));
    }
  }
  return measured;
}

/** The least of the rounds: what others did on the machine meanwhile is left out. */
function leastOf(measured: Attacked[], key: Exclude<keyof Attacked, 'outcome'>): number {
  return Math.min(...measured.map((one) => one[key]));
}

describe('a client that resets 500 calls a second', () => {
  it('begins few of them, and costs others little more than at node:http2', async () => {
    const { plain, gateway } = await attackInTurns(resetCalls({ perSecond: 500, durationMs, resetAfterMs: 0 }));
    expect(leastOf(gateway, 'attackersBegun')).toBeLessThan(100);
    // The target is 3; see the bench. A machine with other work has latencies of its own.
    expect(leastOf(gateway, 'p99')).toBeLessThan(10 * Math.max(leastOf(plain, 'p99'), 50));
  }, 60_000);
});

describe('a client that opens a thousand streams at once', () => {
  it('does not stop the others', async () => {
    const { gateway } = await attackInTurns(openManyStreams({ count: 1_000, durationMs }), ['gateway']);
    // The target is 300; see the bench.
    expect(leastOf(gateway, 'max')).toBeLessThan(1_000);
  }, 60_000);
});
