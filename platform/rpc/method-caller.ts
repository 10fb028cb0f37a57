/** Makes the function that calls one RPC. */
import type { DescMethod, Message } from '@bufbuild/protobuf';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import type { ChannelInterface } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import type { Counter } from 'prom-client';
import { serviceTokenKey, userTokenKey } from '#platform/auth/claims.ts';
import type { ServiceTokenSource } from '#platform/auth/service-token.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { isTracing } from '#platform/telemetry/spans.ts';
import { childTrace, currentTrace, startTrace, type Trace, traceparentOf } from '#platform/telemetry/trace-context.ts';
import type { Attempt } from './call-attempt.ts';
import { callForMany, callForOne } from './call-attempt.ts';
import type { CallOptions } from './call-options.ts';
import { recordClientCall } from './call-span.ts';
import type { AnyInit } from './implementation.ts';
import { pathOf } from './method-path.ts';
import type { RetryBudget } from './retry-budget.ts';
import { retryCall } from './retry-call.ts';
import type { MethodMetrics } from './rpc-metrics.ts';
import { asBuffer, requestIdKey } from './status-metadata.ts';
import type { StreamChannels } from './stream-channels.ts';

/** What the methods of a client share. */
export type ClientRuntime = {
  channel: ChannelInterface;
  /** Where streams go. */
  streams: StreamChannels;
  serviceToken: ServiceTokenSource | undefined;
  logger: Logger | undefined;
  defaultTimeoutMs: number;
  budget: RetryBudget;
  retries: Counter | undefined;
};

type Requests = AnyInit | AsyncIterable<AnyInit>;
type Encoded = Buffer | AsyncIterable<Buffer>;
type Caller = { runtime: ClientRuntime; method: DescMethod; metrics: MethodMetrics | undefined; path: string };

/** The function for one RPC; its types are those of ClientMethod. */
export function createMethodCaller(runtime: ClientRuntime, method: DescMethod, metrics: MethodMetrics | undefined) {
  const caller: Caller = { runtime, method, metrics, path: pathOf(method) };
  const decode = (bytes: Buffer): Message => fromBinary(method.output, bytes);
  const oneResponse = method.methodKind === 'unary' || method.methodKind === 'client_streaming';
  const call = oneResponse ? callOne : callMany;
  return (requests: Requests, options: CallOptions = {}) =>
    call(caller, () => encodeRequests(method, requests), options, decode);
}

/** The functions for one RPC with a single request when its messages stay bytes, for who passes them on. */
export function createBytesCaller(runtime: ClientRuntime, method: DescMethod, metrics: MethodMetrics | undefined) {
  const caller: Caller = { runtime, method, metrics, path: pathOf(method) };
  return {
    one: (request: Buffer, options: CallOptions) => callOne(caller, () => request, options, asIs),
    many: (request: Buffer, options: CallOptions) => callMany(caller, () => request, options, asIs),
  };
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

async function callOne<R>(
  caller: Caller,
  encode: () => Encoded,
  options: CallOptions,
  decode: (bytes: Buffer) => R,
): Promise<R> {
  const call = begin(caller, options);
  const deadlineTimeMs = Date.now() + (options.timeoutMs ?? caller.runtime.defaultTimeoutMs);
  try {
    const message = decode(await callWithRetry({ ...call, deadlineTimeMs }, encode()));
    end(call, Code.OK);
    return message;
  } catch (error) {
    endFailed(call, error);
    throw error;
  }
}

/** One call on its way; `trace` is what its span has, where it has one. */
type Begun = { caller: Caller; options: CallOptions; trace: Trace; startTimeMs: number };
type Timed = Begun & { deadlineTimeMs: number };

function begin(caller: Caller, options: CallOptions): Begun {
  const outer = options.trace ?? currentTrace() ?? startTrace();
  const trace = outer.isSampled && isTracing() ? childTrace(outer) : outer;
  caller.metrics?.started();
  return { caller, options, trace, startTimeMs: performance.now() };
}

function end({ caller, trace, startTimeMs }: Begun, code: Code, error?: OutcryError): void {
  caller.metrics?.ended(code, startTimeMs, error);
  recordClientCall(trace, { method: caller.method, startTimeMs, code, error });
}

function endFailed(call: Begun, error: unknown): void {
  if (error instanceof OutcryError) end(call, error.code, error);
  else end(call, Code.UNKNOWN);
}

async function callWithRetry(call: Timed, encoded: Encoded) {
  const { caller, options, deadlineTimeMs } = call;
  const { runtime, method } = caller;
  const send = async () => callForOne(await attemptOf(call), encoded);
  const { channel, budget, retries, logger } = runtime;
  budget.callMade();
  if (method.methodKind !== 'unary' || !isRepeatable(method)) return send();
  const onRetry = (retry: { attempts: number; delayMs: number }) => {
    retries?.inc({ rpc_method: `${method.parent.typeName}/${method.name}` });
    logger?.debug({ rpc: caller.path, ...retry }, 'call is sent again');
  };
  return retryCall({ send, channel, deadlineTimeMs, budget, signal: options.signal, onRetry });
}

async function* callMany<R>(
  caller: Caller,
  encode: () => Encoded,
  options: CallOptions,
  decode: (bytes: Buffer) => R,
): AsyncGenerator<R, void> {
  const call = begin(caller, options);
  const deadlineTimeMs = options.timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.timeoutMs;
  let code: Code = Code.CANCELLED;
  let failure: unknown;
  const { channel, release } = caller.runtime.streams.take();
  try {
    const attempt = { ...(await attemptOf({ ...call, deadlineTimeMs })), channel };
    for await (const bytes of callForMany(attempt, encode())) yield decode(bytes);
    code = Code.OK;
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    release();
    if (failure === undefined) end(call, code);
    else endFailed(call, failure);
  }
}

async function attemptOf({ caller, options, trace, deadlineTimeMs }: Timed): Promise<Attempt> {
  const { channel, serviceToken } = caller.runtime;
  const metadata = new Metadata();
  metadata.set('traceparent', traceparentOf(trace));
  metadata.set(requestIdKey, trace.requestId);
  if (trace.baggage !== undefined) metadata.set('baggage', trace.baggage);
  if (serviceToken !== undefined) metadata.set(serviceTokenKey, await serviceToken());
  if (options.userToken !== undefined) metadata.set(userTokenKey, `Bearer ${options.userToken}`);
  for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
  return { channel, path: caller.path, metadata, deadlineTimeMs, signal: options.signal };
}

function encodeRequests(method: DescMethod, requests: Requests): Encoded {
  if (method.methodKind === 'unary' || method.methodKind === 'server_streaming') {
    return encode(method, requests as AnyInit);
  }
  return encodeEach(method, requests as AsyncIterable<AnyInit>);
}

async function* encodeEach(method: DescMethod, requests: AsyncIterable<AnyInit>): AsyncGenerator<Buffer> {
  for await (const request of requests) yield encode(method, request);
}

function encode(method: DescMethod, request: AnyInit): Buffer {
  return asBuffer(toBinary(method.input, create(method.input, request)));
}

function isRepeatable(method: DescMethod): boolean {
  return method.idempotency === Level.NO_SIDE_EFFECTS || method.idempotency === Level.IDEMPOTENT;
}
