import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { currentTrace } from '#platform/telemetry/trace-context.ts';
import { EchoService, RulelessService } from '#platform/testing/echo-contract.ts';
import { startEcho } from '#platform/testing/echo-server.ts';
import { grpcFrame, rawCall } from '#platform/testing/raw-call.ts';
import { type CallContext, implement } from './server.ts';

async function failure(work: Promise<unknown>): Promise<OutcryError> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof OutcryError)) throw new Error(`expected an OutcryError, got ${String(error)}`);
  return error;
}

async function valuesOf(messages: AsyncIterable<{ value: string }>): Promise<string[]> {
  const values: string[] = [];
  for await (const { value } of messages) values.push(value);
  return values;
}

async function* requests(...values: string[]) {
  for (const value of values) yield { value };
}

describe('startRpcServer', () => {
  test('serves the four kinds of RPC', async () => {
    await using echo = await startEcho();
    const { client, asUser } = echo;
    expect((await client.read({ value: 'one' }, asUser)).value).toBe('one');
    expect(await valuesOf(client.count({ value: '3' }, asUser))).toEqual(['1', '2', '3']);
    expect((await client.join(requests('a', 'b', 'c'), asUser)).value).toBe('a b c');
    expect(await valuesOf(client.chat(requests('a', 'b'), asUser))).toEqual(['A', 'B']);
  });

  test('does not start when an RPC states no access rule', async () => {
    const binding = implement(RulelessService, { forgotten: async () => ({}) });
    await expect(startEcho({}, { bindings: [binding] })).rejects.toThrow(
      'RulelessService.Forgotten states no access rule',
    );
  });

  test('does not start when the port is taken', async () => {
    await using echo = await startEcho();
    await expect(startEcho({}, { port: echo.server.port })).rejects.toThrow(/cannot listen/);
  });

  test('lets a role, a service or anybody through as the rule says, and no one else', async () => {
    await using echo = await startEcho();
    const { client, identity, asUser } = echo;
    const order = { metadata: { 'x-outcry-service-token': await identity.serviceToken('order') } };
    const market = { metadata: { 'x-outcry-service-token': await identity.serviceToken('market') } };
    const admin = { userToken: await identity.userToken({ roles: ['admin'] }) };
    const request = { value: 'x' };
    expect((await client.open(request)).value).toBe('x');
    expect((await client.audit(request, admin)).value).toBe('x');
    expect((await client.audit(request, order)).value).toBe('x');
    expect((await client.internal(request, order)).value).toBe('x');
    expect(await failure(client.audit(request, asUser))).toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: ErrorReason.ROLE_NOT_ALLOWED,
    });
    expect(await failure(client.internal(request, market))).toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: ErrorReason.SERVICE_NOT_ALLOWED,
    });
    expect(await failure(client.internal(request, asUser))).toMatchObject({ code: Code.PERMISSION_DENIED });
    expect(await failure(client.read(request, market))).toMatchObject({ code: Code.UNAUTHENTICATED });
    expect(await failure(client.internal(request))).toMatchObject({ reason: ErrorReason.TOKEN_MISSING });
  });

  test('refuses an expired or foreign token, also where none is needed', async () => {
    await using echo = await startEcho();
    await using other = await startEcho();
    const expired = { userToken: await echo.identity.userToken({ expiresInSeconds: -60 }) };
    const request = { value: 'x' };
    expect(await failure(echo.client.open(request, expired))).toMatchObject({
      code: Code.UNAUTHENTICATED,
      reason: ErrorReason.TOKEN_EXPIRED,
    });
    expect(await failure(echo.client.read(request, other.asUser))).toMatchObject({ reason: ErrorReason.TOKEN_INVALID });
    expect(await failure(echo.client.read(request, { userToken: 'x.y.z' }))).toMatchObject({
      reason: ErrorReason.TOKEN_INVALID,
    });
  });

  test('gives a call without a deadline the server’s, and tells its handler', async () => {
    let seen: CallContext | undefined;
    const stuck = async (_request: unknown, context: CallContext) => {
      seen = context;
      await sleep(5_000, undefined, { signal: context.signal }).catch(() => {});
      return { value: 'too late' };
    };
    await using echo = await startEcho({ write: stuck }, { limits: { defaultDeadlineMs: 150 } });
    const authorization = `Bearer ${echo.asUser.userToken}`;
    const path = `/${EchoService.typeName}/Write`;
    const response = await rawCall(echo.server.port, path, grpcFrame(Buffer.alloc(0)), { authorization });
    expect(response.headers['grpc-status']).toBe(String(Code.DEADLINE_EXCEEDED));
    expect(response.headersEndStream).toBe(true);
    expect(seen?.deadlineTimeMs).toBeLessThanOrEqual(Date.now());
    expect(seen?.signal.aborted).toBe(true);
  });

  test('ends a call at the caller’s deadline, with a reason', async () => {
    await using echo = await startEcho({ write: () => new Promise(() => {}) });
    const error = await failure(echo.client.write({ value: '' }, { ...echo.asUser, timeoutMs: 80 }));
    expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED, reason: ErrorReason.DEADLINE_EXPIRED });
  });

  test('does not start work whose deadline has passed while it waited', async () => {
    let started = false;
    const authenticator = {
      authenticate: async () => {
        await sleep(120);
        return { service: 'order' };
      },
    };
    const internal = async () => {
      started = true;
      return {};
    };
    await using echo = await startEcho({ internal }, { authenticator });
    await failure(echo.client.internal({}, { timeoutMs: 50 }));
    await sleep(150);
    expect(started).toBe(false);
  });

  test('tells a stream’s handler when the reader goes away', async () => {
    const gone = Promise.withResolvers<void>();
    await using echo = await startEcho({
      async *count(_request, { signal }) {
        signal.addEventListener('abort', () => gone.resolve());
        while (!signal.aborted) {
          yield { value: 'tick' };
          await sleep(5);
        }
      },
    });
    for await (const { value } of echo.client.count({ value: '' }, echo.asUser)) {
      expect(value).toBe('tick');
      break;
    }
    await gone.promise;
  });

  test('makes a fast stream wait for a slow reader', async () => {
    let yielded = 0;
    await using echo = await startEcho({
      async *count() {
        for (; yielded < 10_000; yielded += 1) yield { value: 'x'.repeat(10_000) };
      },
    });
    for await (const { value } of echo.client.count({ value: '' }, echo.asUser)) {
      expect(value).toHaveLength(10_000);
      await sleep(200);
      break;
    }
    expect(yielded).toBeLessThan(200);
  });

  test('ends a stream at its greatest age with OK, after the handler’s last word', async () => {
    await using echo = await startEcho(
      {
        async *count(_request, { signal }) {
          yield { value: 'first' };
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          yield { value: 'resume here' };
        },
        async *chat(_requests, { signal }) {
          yield { value: 'first' };
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
      },
      { limits: { streamAgeMaxMs: 100 } },
    );
    expect(await valuesOf(echo.client.count({ value: '' }, echo.asUser))).toEqual(['first', 'resume here']);
    expect(await valuesOf(echo.client.chat(requests('a'), echo.asUser))).toEqual(['first']);
  });

  test('ends a stream that ignores its end after the grace', async () => {
    await using echo = await startEcho(
      {
        async *count() {
          yield { value: 'first' };
          await new Promise(() => {});
        },
      },
      { limits: { streamAgeMaxMs: 50, streamEndGraceMs: 50 } },
    );
    expect(await valuesOf(echo.client.count({ value: '' }, echo.asUser))).toEqual(['first']);
  });

  test('refuses calls over the number in flight, and says when to come back', async () => {
    const release = Promise.withResolvers<void>();
    const write = async () => {
      await release.promise;
      return {};
    };
    await using echo = await startEcho({ write }, { limits: { callsInFlightMax: 2 } });
    const first = [echo.client.write({}, echo.asUser), echo.client.write({}, echo.asUser)];
    await sleep(50);
    const error = await failure(echo.client.write({}, echo.asUser));
    expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: ErrorReason.OVERLOADED, retryDelayMs: 100 });
    release.resolve();
    await Promise.all(first);
  });

  test('runs each handler inside the trace of its caller', async () => {
    const traceId = 'abcdefabcdefabcdefabcdefabcdefab';
    const write = async (_request: unknown, context: CallContext) => ({
      value: `${currentTrace()?.traceId} ${context.requestId}`,
    });
    await using echo = await startEcho({ write });
    const metadata = { traceparent: `00-${traceId}-0123456789abcdef-01`, 'x-request-id': 'r-1' };
    expect((await echo.client.write({}, { ...echo.asUser, metadata })).value).toBe(`${traceId} r-1`);
  });

  test('counts calls by RPC and code, and refusals by reason', async () => {
    const metrics = createMetrics('echo');
    await using echo = await startEcho({}, { metrics });
    await echo.client.read({}, echo.asUser);
    await failure(echo.client.read({}));
    const text = await metrics.registry.metrics();
    expect(text).toMatch(
      /rpc_server_duration_seconds_count\{[^}]*rpc_method="Read"[^}]*rpc_grpc_status_code="0"[^}]*\} 1/,
    );
    expect(text).toMatch(/rpc_server_duration_seconds_count\{[^}]*rpc_grpc_status_code="16"[^}]*\} 1/);
    expect(text).toMatch(/rpc_server_refusals_total\{[^}]*reason="TOKEN_MISSING"[^}]*\} 1/);
    expect(text).toMatch(/rpc_server_active_requests\{[^}]*rpc_method="Read"[^}]*\} 0/);
  });

  test('outlives bytes that are no HTTP/2', async () => {
    await using echo = await startEcho();
    for (const bytes of [
      'GET / HTTP/1.1\r\n\r\n',
      `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'\xff'.repeat(500)}`,
      '\x00'.repeat(64),
    ]) {
      const socket = connect(echo.server.port, '127.0.0.1').on('error', () => {});
      socket.end(Buffer.from(bytes, 'latin1'));
      await new Promise((resolve) => socket.on('close', resolve).resume());
    }
    expect((await echo.client.read({ value: 'still here' }, echo.asUser)).value).toBe('still here');
  });
});

describe('RpcServer.drain', () => {
  test('finishes calls in progress and takes no further ones', async () => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const write = async () => {
      started.resolve();
      await release.promise;
      return { value: 'finished' };
    };
    await using echo = await startEcho({ write });
    const inProgress = echo.client.write({}, echo.asUser);
    await started.promise;
    const drained = echo.server.drain(5_000);
    await sleep(50);
    const late = await failure(echo.client.write({}, { ...echo.asUser, timeoutMs: 500 }));
    expect([Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED]).toContain(late.code);
    release.resolve();
    expect((await inProgress).value).toBe('finished');
    await drained;
  });

  test('asks streams to end and says why to those that do not resume by themselves', async () => {
    await using echo = await startEcho({
      async *count(_request, { signal }) {
        yield { value: 'first' };
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    const stream = echo.client.count({}, echo.asUser)[Symbol.asyncIterator]();
    await stream.next();
    const drained = echo.server.drain(5_000);
    const error = await failure(stream.next());
    expect(error).toMatchObject({ code: Code.UNAVAILABLE, reason: ErrorReason.SHUTTING_DOWN });
    await drained;
  });

  test('cuts what is not done after the grace', async () => {
    await using echo = await startEcho({ write: () => new Promise(() => {}) });
    const stuck = failure(echo.client.write({}, echo.asUser));
    await sleep(50);
    await echo.server.drain(100);
    expect(await stuck).toMatchObject({ code: Code.UNAVAILABLE });
  });
});
