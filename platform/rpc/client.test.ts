import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { refused, unavailable } from '#platform/errors/outcry-error.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { runWithTrace, startTrace } from '#platform/telemetry/trace-context.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { freePort } from '#platform/testing/free-port.ts';
import { testServiceToken } from '#platform/testing/service-keys.ts';
import { pause } from '#platform/time/pause.ts';
import { createRpcClient } from './client.ts';
import { EchoService } from './testing/echo-contract.ts';
import { startEcho } from './testing/echo-server.ts';

const request = { value: 'x' };

/** Fails `failures` times with UNAVAILABLE, then answers. */
function flaky(failures: number) {
  const calls = { count: 0 };
  const handler = async () => {
    calls.count += 1;
    if (calls.count <= failures) throw unavailable();
    return { value: `after ${calls.count}` };
  };
  return { calls, handler };
}

describe('createRpcClient', () => {
  it('rejects with the error that the server threw: code, reason, numbers, and when to come back', async () => {
    const numbers = { needed: '10.00', available: '1.00' };
    await using echo = await startEcho({
      write: async () => {
        throw refused(ErrorReason.CASH_INSUFFICIENT, 'too little cash', numbers);
      },
    });
    await expect(echo.client.write(request, echo.asUser)).rejects.toMatchObject({
      code: Code.FAILED_PRECONDITION,
      reason: ErrorReason.CASH_INSUFFICIENT,
      message: 'too little cash',
      metadata: numbers,
    });
  });

  it('sends reads and keyed calls again on UNAVAILABLE', async () => {
    const read = flaky(2);
    const keyed = flaky(1);
    const metrics = createMetrics('caller');
    await using echo = await startEcho({ read: read.handler, keyed: keyed.handler });
    await using client = createRpcClient(EchoService, { address: echo.address, serviceToken: undefined, metrics });
    expect((await client.read(request, echo.asUser)).value).toBe('after 3');
    expect((await client.keyed(request, echo.asUser)).value).toBe('after 2');
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/rpc_client_retries_total\{[^}]*rpc_method="[^"]+\/Read"[^}]*\} 2/);
    expect(text).toMatch(/rpc_client_call_duration_seconds_count\{[^}]*rpc_method="[^"]+\/Keyed"[^}]*\} 1/);
  });

  it('never sends a call again that is neither', async () => {
    const write = flaky(1);
    await using echo = await startEcho({ write: write.handler });
    await expect(echo.client.write(request, echo.asUser)).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    expect(write.calls.count).toBe(1);
  });

  it('gives up at the deadline, and when the budget is spent', async () => {
    const read = flaky(Number.POSITIVE_INFINITY);
    await using echo = await startEcho({ read: read.handler });
    const startTimeMs = performance.now();
    await expect(echo.client.read(request, { ...echo.asUser, timeoutMs: 1_500 })).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
    expect(performance.now() - startTimeMs).toBeLessThan(10_000);
    expect(read.calls.count).toBeGreaterThan(1);
    read.calls.count = 0;
    const floodTimeMs = performance.now();
    const many = Array.from({ length: 200 }, () => echo.client.read(request, { ...echo.asUser, timeoutMs: 600 }));
    await Promise.allSettled(many);
    // The calls, a tenth of them, ten saved up, and ten a second.
    const seconds = Math.ceil((performance.now() - floodTimeMs) / 1_000);
    expect(read.calls.count).toBeLessThan(200 * 1.1 + 10 + 10 * seconds);
  });

  it('finds a peer again that was restarted on its port', async () => {
    const port = await freePort();
    const first = await startEcho({}, { port });
    const { address, identity, asUser } = first;
    await using client = createRpcClient(EchoService, { address, serviceToken: undefined });
    await client.read(request, asUser);
    await first[Symbol.asyncDispose]();
    const waiting = client.read({ value: 'across the restart' }, asUser);
    await pause(300);
    await using second = await startEcho({}, { port, authenticator: identity.authenticator });
    expect(second.address).toBe(address);
    expect((await waiting).value).toBe('across the restart');
  });

  it('takes keyed calls across an outage of several seconds, more of them than the retry budget would pay for', async () => {
    const port = await freePort();
    const first = await startEcho({}, { port });
    const { address, identity, asUser } = first;
    await using client = createRpcClient(EchoService, { address, serviceToken: undefined });
    await client.keyed(request, asUser);
    await first[Symbol.asyncDispose]();
    const waiting = Array.from({ length: 50 }, () => client.keyed(request, { ...asUser, timeoutMs: 15_000 }));
    await pause(4_000);
    await using second = await startEcho({}, { port, authenticator: identity.authenticator });
    expect(second.address).toBe(address);
    expect(await Promise.all(waiting)).toHaveLength(50);
  });

  it('takes a keyed call across the seconds in which a restarted peer answers that it cannot serve yet', async () => {
    const startTimeMs = Date.now();
    const keyed = async ({ value }: { value: string }) => {
      if (Date.now() - startTimeMs < 3_000) throw unavailable();
      return { value };
    };
    await using echo = await startEcho({ keyed });
    expect((await echo.client.keyed(request, { ...echo.asUser, timeoutMs: 15_000 })).value).toBe('x');
  });

  it('rejects with the reason of the peer rather than with the deadline that cut off the last attempt', async () => {
    const slow = async () => {
      await pause(300);
      throw unavailable(ErrorReason.NOT_THE_SHARD_HOLDER, 'not here');
    };
    await using echo = await startEcho({ keyed: slow });
    await expect(echo.client.keyed(request, { ...echo.asUser, timeoutMs: 1_700 })).rejects.toMatchObject({
      reason: ErrorReason.NOT_THE_SHARD_HOLDER,
    });
  });

  it('is UNAVAILABLE without the address when the peer is unreachable', async () => {
    await using client = createRpcClient(EchoService, { address: 'ipv4:127.0.0.1:1', serviceToken: undefined });
    const failure = client.write(request);
    await expect(failure).rejects.toMatchObject({ code: Code.UNAVAILABLE, reason: ErrorReason.DEPENDENCY_UNAVAILABLE });
    await expect(failure).rejects.not.toThrow(/127\.0\.0\.1/);
  });

  it('is CANCELLED once the client is closed', async () => {
    const client = createRpcClient(EchoService, { address: 'ipv4:127.0.0.1:1', serviceToken: undefined });
    await client[Symbol.asyncDispose]();
    const closed = { code: Code.CANCELLED, reason: ErrorReason.SHUTTING_DOWN };
    await expect(client.keyed(request)).rejects.toMatchObject(closed);
  });

  it('fails a call in progress when its peer dies', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await using client = createRpcClient(EchoService, { address: `ipv4:127.0.0.1:${port}`, serviceToken: undefined });
    const call = client.write(request);
    call.catch(() => {});
    await eventually(() => expect(sockets).toHaveLength(1));
    await pause(100);
    for (const socket of sockets) socket.destroy();
    server.close();
    await expect(call).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  });

  it('spreads calls over the replicas of an address', async () => {
    await using one = await startEcho({ open: async () => ({ value: 'one' }) });
    await using two = await startEcho({ open: async () => ({ value: 'two' }) });
    const address = `ipv4:127.0.0.1:${one.server.port},127.0.0.1:${two.server.port}`;
    await using client = createRpcClient(EchoService, { address, serviceToken: undefined });
    const seen = new Set<string>();
    for (let call = 0; call < 50 && seen.size < 2; call += 1) {
      seen.add((await client.open(request)).value);
      await pause(5);
    }
    expect([...seen].sort()).toEqual(['one', 'two']);
  });

  it('cancels by signal', async () => {
    const [begun, gone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await using echo = await startEcho({
      write: (_request, { signal }) => {
        begun.resolve();
        signal.addEventListener('abort', () => gone.resolve());
        return new Promise(() => {});
      },
    });
    const stop = new AbortController();
    const call = echo.client.write(request, { ...echo.asUser, signal: stop.signal });
    void begun.promise.then(() => stop.abort());
    await expect(call).rejects.toMatchObject({ code: Code.CANCELLED, reason: ErrorReason.CANCELLED_BY_CALLER });
    await gone.promise;
    await expect(echo.client.write(request, { signal: stop.signal })).rejects.toMatchObject({ code: Code.CANCELLED });
  });

  it('says which service calls, and passes the trace on', async () => {
    let seen: { service: string | undefined; requestId: string } | undefined;
    await using echo = await startEcho({
      internal: async (_request, { caller, requestId }) => {
        seen = { service: caller.service, requestId };
        return {};
      },
    });
    const serviceToken = testServiceToken('order');
    await using client = createRpcClient(EchoService, { address: echo.address, serviceToken });
    const trace = startTrace(undefined, 'request-7');
    await runWithTrace(trace, () => client.internal(request));
    expect(seen).toEqual({ service: 'order', requestId: 'request-7' });
  });

  it('reads a stream of which the messages and the end come at once', async () => {
    await using echo = await startEcho();
    for (const count of [0, 1, 2, 50]) {
      const values: string[] = [];
      for await (const { value } of echo.client.count({ value: String(count) }, echo.asUser)) values.push(value);
      expect(values).toHaveLength(count);
    }
  });

  it('ends a stream whose requests fail with their error', async () => {
    await using echo = await startEcho();
    async function* failing() {
      yield request;
      throw new Error('no more');
    }
    await expect(echo.client.join(failing(), echo.asUser)).rejects.toThrow('no more');
  });
});
