/** Clients that leave at any moment of a call, in any way, in every protocol: the process goes on, and nothing of them stays. */
import net from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { callBytes, type Way } from './testing/call-bytes.ts';
import { type GatewayUsage, silentSymbol } from './testing/gateway-process.ts';
import { type GatewayProcess, startGatewayProcess } from './testing/start-gateway-process.ts';

// Short, so that a client that stays silent is seen to be closed.
const limits = {
  firstByteTimeoutMs: 400,
  headersTimeoutMs: 400,
  requestTimeoutMs: 400,
  idleTimeoutMs: 400,
  pingIntervalMs: 200,
  pingTimeoutMs: 200,
  lingerMs: 200,
};
// Hundreds of times what it takes: other work on the machine may hold the gateway up.
const closedWithinMs = 30_000;
const atOnce = 100;
const hourMs = 3_600_000;

const ways: Record<string, Way> = {
  'JSON over HTTP/1.1': { httpVersion: 1, contentType: 'application/json', isStream: false },
  'JSON over HTTP/2': { httpVersion: 2, contentType: 'application/json', isStream: false },
  'a Connect stream over HTTP/1.1': { httpVersion: 1, contentType: 'application/connect+json', isStream: true },
  'a Connect stream over HTTP/2': { httpVersion: 2, contentType: 'application/connect+json', isStream: true },
  gRPC: { httpVersion: 2, contentType: 'application/grpc', isStream: false },
  'a gRPC stream': { httpVersion: 2, contentType: 'application/grpc', isStream: true },
  'gRPC-web over HTTP/1.1': { httpVersion: 1, contentType: 'application/grpc-web+proto', isStream: false },
  'gRPC-web over HTTP/2': { httpVersion: 2, contentType: 'application/grpc-web+proto', isStream: false },
  'a gRPC-web stream over HTTP/1.1': { httpVersion: 1, contentType: 'application/grpc-web+proto', isStream: true },
  'a page over HTTP/1.1': { httpVersion: 1, isPage: true },
  'a page over HTTP/2': { httpVersion: 2, isPage: true },
};
const stages = ['before the head is whole', 'in the body', 'refused at the gate', 'waiting or in a stream', 'answered'];
const departures = ['reset', 'half close', 'silence'] as const;
type Departure = (typeof departures)[number];

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess(limits);
});
afterAll(() => gateway?.[Symbol.asyncDispose]());

describe('a client of the gateway', () => {
  it('may leave at any stage of a call, in any way', async () => {
    await leave({ perCase: { reset: 8, 'half close': 3, silence: 1 } });
    const before = await settledUsage();
    await leave({ perCase: { reset: 130, 'half close': 40, silence: 12 } });
    expect(gateway.isRunning).toBe(true);
    const after = await settledUsage();
    // A timer more or less may run at that moment.
    const more = Object.entries(after.handles).filter(([kind, count]) => count > (before.handles[kind] ?? 0) + 2);
    expect(more).toEqual([]);
    // 10,000 of them: not even a kilobyte of each.
    expect(after.heapBytes - before.heapBytes).toBeLessThan(8_000_000);
    expect((await fetch(`${gateway.url}/favicon.ico`)).status).toBe(200);
  }, 180_000);

  it('may reset a connection with calls that are being refused, any number of times', async () => {
    const { head, body } = callBytes(ways['JSON over HTTP/1.1'] as Way, { symbol: '', timeoutMs: hourMs, token: 'x' });
    const calls = Buffer.concat(Array.from({ length: 10 }, (_, index) => [head(index), body(index)]).flat());
    for (let attempt = 0; attempt < 100; attempt++) await leaveAfter(calls, 'reset', attempt);
    expect((await fetch(`${gateway.url}/favicon.ico`)).status).toBe(200);
    expect(gateway.isRunning).toBe(true);
  });
});

/** Lets clients leave, so many of each case, mixed. */
async function leave({ perCase }: { perCase: Record<Departure, number> }): Promise<void> {
  const cases = Object.values(ways).flatMap((way) =>
    stages.flatMap((stage) => departures.map((departure) => ({ way, stage, departure }))),
  );
  const runs = cases.flatMap((one) => Array.from({ length: perCase[one.departure] }, () => one));
  // Far from each other, so that each is met in the company of all the others.
  const order = runs
    .map((run, index) => ({ run, place: (index * 7_919) % runs.length }))
    .sort((a, b) => a.place - b.place);
  let next = 0;
  const client = async () => {
    for (let index = next++; index < order.length; index = next++) {
      const { way, stage, departure } = (order[index] as (typeof order)[number]).run;
      await leaveAfter(bytesUntil(way, stage, departure), departure, index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
}

/** What a client sends until it is at the stage. */
function bytesUntil(way: Way, stage: string, departure: Departure): Buffer {
  const symbol = stage === 'answered' ? 'ACME' : silentSymbol;
  // A client that stays without a word has its answer by the deadline.
  const timeoutMs = departure === 'silence' ? 300 : hourMs;
  const token = stage === 'refused at the gate' ? { token: 'x' } : {};
  const { opening, head, body } = callBytes(way, { symbol, timeoutMs, ...token });
  const calls = (count: number) => Array.from({ length: count }, (_, index) => [head(index), body(index)]).flat();
  switch (stage) {
    case 'before the head is whole':
      return Buffer.concat([opening, head(0).subarray(0, -5)]);
    case 'in the body':
      return Buffer.concat([opening, head(0), body(0).subarray(0, -3)]);
    case 'refused at the gate':
      return Buffer.concat([opening, ...calls(4)]);
    default:
      return Buffer.concat([opening, ...calls(1)]);
  }
}

/** Connects, sends the bytes and leaves; how far the gateway has come by then depends on `index`. Resolves at the end of the connection. */
async function leaveAfter(bytes: Buffer, departure: Departure, index: number): Promise<void> {
  const socket = net.connect(gateway.port, '127.0.0.1');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.resume();
  await new Promise<void>((resolve) => {
    socket.once('close', resolve);
    socket.write(bytes, () => resolve());
  });
  if (index % 3 === 1) await nextTurn();
  if (index % 3 === 2) await sleep(index % 20);
  if (departure === 'reset') socket.resetAndDestroy();
  if (departure === 'half close') socket.end();
  const late = sleep(closedWithinMs, 'late', { ref: false });
  if ((await Promise.race([closed, late])) === 'late') {
    socket.destroy();
    throw new Error(
      `the gateway does not close a connection (${departure}) after ${JSON.stringify(bytes.toString('latin1'))}`,
    );
  }
}

/** The usage once all connections have ended. */
function settledUsage(): Promise<GatewayUsage> {
  return eventually(async () => {
    const usage = await gateway.usage();
    expect(usage.openCalls).toBe(0);
    // Two of each connection between the gateway and the fakes: one for unary calls, one for streams.
    expect(usage.handles.TCPSocketWrap).toBeLessThanOrEqual(4);
    return usage;
  });
}
