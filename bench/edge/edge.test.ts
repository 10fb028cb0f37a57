import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Attack,
  type EdgeServer,
  leaveAlone,
  measureAttack,
  openManyStreams,
  resetCalls,
  startServers,
} from './measure-attack.ts';

const durationMs = 1_000;
const rounds = 3;
const options = { callsPerSecond: 50, durationMs, signal: AbortSignal.timeout(120_000) };

let servers: Awaited<ReturnType<typeof startServers>>;
beforeAll(async () => {
  servers = await startServers();
  for (const server of servers.all) await measureAttack(server, leaveAlone, options);
});
afterAll(() => servers?.[Symbol.asyncDispose]());

/** The least of several rounds of each server in turns: what others did on the machine meanwhile is left out. */
async function leastOf(attack: Attack) {
  const least = new Map<string, { p99: number; max: number; processorMs: number }>();
  for (let round = 0; round < rounds; round++) {
    for (const server of servers.all) merge(least, server, await measureAttack(server, attack, options));
  }
  const of = (kind: EdgeServer['kind']) => least.get(kind) ?? { p99: 0, max: 0, processorMs: 0 };
  return { plain: of('plain'), gateway: of('gateway') };
}

function merge(
  least: Map<string, { p99: number; max: number; processorMs: number }>,
  { kind }: EdgeServer,
  { p99, max, processorMs }: { p99: number; max: number; processorMs: number },
): void {
  const known = least.get(kind) ?? { p99, max, processorMs };
  const processor = Math.min(known.processorMs, processorMs);
  least.set(kind, { p99: Math.min(known.p99, p99), max: Math.min(known.max, max), processorMs: processor });
}

describe('a client that resets 500 calls a second', () => {
  it('costs the gateway and its other callers about what it costs node:http2', async () => {
    const alone = await leastOf(leaveAlone);
    const attacked = await leastOf(resetCalls({ perSecond: 500, durationMs, resetAfterMs: 0 }));
    // The target is 3; see the bench.
    expect(attacked.gateway.p99 / attacked.plain.p99).toBeLessThan(10);
    const extraMs = (kind: 'plain' | 'gateway') => Math.max(attacked[kind].processorMs - alone[kind].processorMs, 20);
    expect(extraMs('gateway') / extraMs('plain')).toBeLessThan(5);
  }, 60_000);
});

describe('a client that opens a thousand streams at once', () => {
  it('does not stop the others', async () => {
    const { gateway } = await leastOf(openManyStreams({ count: 1_000, durationMs }));
    // The target is 300; see the bench.
    expect(gateway.max).toBeLessThan(1_000);
  }, 60_000);
});
