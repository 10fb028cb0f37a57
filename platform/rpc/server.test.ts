import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { currentTrace } from '#platform/telemetry/trace-context.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { failureOf } from '#platform/testing/failure-of.ts';
import { grpcFrame, rawCall } from '#platform/testing/raw-call.ts';
import { pause } from '#platform/time/pause.ts';
import { type CallContext, implement } from './server.ts';
import { EchoService, RulelessService } from './testing/echo-contract.ts';
import { startEcho } from './testing/echo-server.ts';

async function valuesOf(messages: AsyncIterable<{ value: string }>): Promise<string[]> {
  const values: string[] = [];
  for await (const { value } of messages) values.push(value);
  return values;
}

async function* requests(...values: string[]) {
  for (const value of values) yield { value };
}

describe('startRpcServer', () => {
  it('serves the four kinds of RPC', async () => {
    await using echo = await startEcho();
    const { client, asUser } = echo;
    expect((await client.read({ value: 'one' }, asUser)).value).toBe('one');
    expect(await valuesOf(client.count({ value: '3' }, asUser))).toEqual(['1', '2', '3']);
    expect((await client.join(requests('a', 'b', 'c'), asUser)).value).toBe('a b c');
    expect(await valuesOf(client.chat(requests('a', 'b'), asUser))).toEqual(['A', 'B']);
  });

  it('does not start when an RPC states no access rule', async () => {
    const binding = implement(RulelessService, { forgotten: async () => ({}) });
    await expect(startEcho({}, { bindings: [binding] })).rejects.toThrow(
      'RulelessService.Forgotten states no access rule',
    );
  });

  it('does not start when the port is taken', async () => {
    await using echo = await startEcho();
    await expect(startEcho({}, { port: echo.server.port })).rejects.toThrow(/cannot listen/);
  });

  it('allows roles, services or all callers as the rule says, and no others', async () => {
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
    expect(await failureOf(client.audit(request, asUser))).toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: ErrorReason.ROLE_NOT_ALLOWED,
    });
    expect(await failureOf(client.internal(request, market))).toMatchObject({
      code: Code.PERMISSION_DENIED,
      reason: ErrorReason.SERVICE_NOT_ALLOWED,
    });
    expect(await failureOf(client.internal(request, asUser))).toMatchObject({ code: Code.PERMISSION_DENIED });
    expect(await failureOf(client.internal(request))).toMatchObject({ reason: ErrorReason.TOKEN_MISSING });
  });

  it('takes calls of people from the gateway, and from no service that the rule does not name', async () => {
    await using echo = await startEcho();
    const { client, identity, asUser } = echo;
    const through = async (service: string) => ({
      metadata: { 'x-outcry-service-token': await identity.serviceToken(service) },
    });
    const request = { value: 'x' };
    expect((await client.open(request, await through('gateway'))).value).toBe('x');
    expect((await client.read(request, { ...asUser, ...(await through('gateway')) })).value).toBe('x');
    expect(await failureOf(client.read(request, await through('gateway')))).toMatchObject({
      code: Code.UNAUTHENTICATED,
    });
    for (const call of [client.open, client.read]) {
      expect(await failureOf(call(request, { ...asUser, ...(await through('market')) }))).toMatchObject({
        code: Code.PERMISSION_DENIED,
        reason: ErrorReason.SERVICE_NOT_ALLOWED,
      });
    }
  });

  it('gives a handler the address of a person from the gateway alone, and only an address', async () => {
    const seen: (string | undefined)[] = [];
    await using echo = await startEcho({
      audit: async ({ value }, { clientAddress }) => {
        seen.push(clientAddress);
        return { value };
      },
    });
    const userToken = await echo.identity.userToken({ roles: ['admin'] });
    const call = async (service: string | undefined, address: string) => {
      const metadata: Record<string, string> = { 'x-outcry-client-address': address };
      if (service !== undefined) metadata['x-outcry-service-token'] = await echo.identity.serviceToken(service);
      await echo.client.audit({ value: 'x' }, { userToken, metadata });
    };
    await call('gateway', '203.0.113.7');
    await call('gateway', '2001:db8::1');
    await call('gateway', 'somewhere');
    await call('order', '203.0.113.7');
    await call(undefined, '203.0.113.7');
    expect(seen).toEqual(['203.0.113.7', '2001:db8::1', undefined, undefined, undefined]);
  });

  it('refuses an expired or foreign token, also where none is needed', async () => {
    await using echo = await startEcho();
    await using other = await startEcho();
    const expired = { userToken: await echo.identity.userToken({ expiresInSeconds: -60 }) };
    const request = { value: 'x' };
    expect(await failureOf(echo.client.open(request, expired))).toMatchObject({
      code: Code.UNAUTHENTICATED,
      reason: ErrorReason.TOKEN_EXPIRED,
    });
    expect(await failureOf(echo.client.read(request, other.asUser))).toMatchObject({
      reason: ErrorReason.TOKEN_INVALID,
    });
    expect(await failureOf(echo.client.read(request, { userToken: 'x.y.z' }))).toMatchObject({
      reason: ErrorReason.TOKEN_INVALID,
    });
  });

  it('applies the server’s default to a call without a deadline, and shows it to the handler', async () => {
    let seen: CallContext | undefined;
    const stuck = async (_request: unknown, context: CallContext) => {
      seen = context;
      await pause(5_000, context.signal);
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

  it('ends a call at the caller’s deadline, with a reason', async () => {
    await using echo = await startEcho({ write: () => new Promise(() => {}) });
    const error = await failureOf(echo.client.write({ value: '' }, { ...echo.asUser, timeoutMs: 80 }));
    expect(error).toMatchObject({ code: Code.DEADLINE_EXCEEDED, reason: ErrorReason.DEADLINE_EXPIRED });
  });

  it('does not start work whose deadline has passed while it waited', async () => {
    let started = false;
    const authenticator = {
      authenticate: async () => {
        await pause(120);
        return { service: 'order' };
      },
    };
    const internal = async () => {
      started = true;
      return {};
    };
    await using echo = await startEcho({ internal }, { authenticator });
    await failureOf(echo.client.internal({}, { timeoutMs: 50 }));
    await pause(150);
    expect(started).toBe(false);
  });

  it('refuses calls over the number in flight with a retry delay', async () => {
    const release = Promise.withResolvers<void>();
    let begun = 0;
    const write = async () => {
      begun += 1;
      await release.promise;
      return {};
    };
    await using echo = await startEcho({ write }, { limits: { callsInFlightMax: 2 } });
    const first = [echo.client.write({}, echo.asUser), echo.client.write({}, echo.asUser)];
    await eventually(() => expect(begun).toBe(2));
    const error = await failureOf(echo.client.write({}, echo.asUser));
    expect(error).toMatchObject({ code: Code.RESOURCE_EXHAUSTED, reason: ErrorReason.OVERLOADED, retryDelayMs: 100 });
    release.resolve();
    await Promise.all(first);
  });

  it('refuses to send an answer over the limit, and says so', async () => {
    const write = async () => ({ value: 'x'.repeat(5_000) });
    await using echo = await startEcho({ write }, { limits: { responseBytesMax: 1_000 } });
    expect(await failureOf(echo.client.write({}, echo.asUser))).toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      message: 'the answer is over the size that the server sends',
    });
  });

  it('runs each handler inside the trace of its caller', async () => {
    const traceId = 'abcdefabcdefabcdefabcdefabcdefab';
    const write = async (_request: unknown, context: CallContext) => ({
      value: `${currentTrace()?.traceId} ${context.requestId}`,
    });
    await using echo = await startEcho({ write });
    const metadata = { traceparent: `00-${traceId}-0123456789abcdef-01`, 'x-request-id': 'r-1' };
    expect((await echo.client.write({}, { ...echo.asUser, metadata })).value).toBe(`${traceId} r-1`);
  });

  it('carries the choice of canaries on from call to call, and no other baggage', async () => {
    await using last = await startEcho({ write: async () => ({ value: currentTrace()?.baggage ?? '' }) });
    await using first = await startEcho({ write: (request) => last.client.write(request, last.asUser) });
    const metadata = { baggage: 'user=ada,outcry-canary=order' };
    expect((await first.client.write({}, { ...first.asUser, metadata })).value).toBe('outcry-canary=order');
    expect((await first.client.write({}, first.asUser)).value).toBe('');
  });

  it('counts calls by RPC and code, and refusals by reason', async () => {
    const metrics = createMetrics('echo');
    await using echo = await startEcho({}, { metrics });
    await echo.client.read({}, echo.asUser);
    await failureOf(echo.client.read({}));
    const text = await metrics.registry.metrics();
    expect(text).toMatch(
      /rpc_server_call_duration_seconds_count\{[^}]*rpc_method="[^"]+\/Read"[^}]*rpc_response_status_code="OK"[^}]*\} 1/,
    );
    expect(text).toMatch(
      /rpc_server_call_duration_seconds_count\{[^}]*rpc_response_status_code="UNAUTHENTICATED"[^}]*\} 1/,
    );
    expect(text).toMatch(/rpc_server_refusals_total\{[^}]*reason="TOKEN_MISSING"[^}]*\} 1/);
    expect(text).toMatch(/rpc_server_active_requests\{[^}]*rpc_method="[^"]+\/Read"[^}]*\} 0/);
  });

  it('outlives bytes that are no HTTP/2', async () => {
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
