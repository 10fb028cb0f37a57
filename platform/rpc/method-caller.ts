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
import { currentTrace, startTrace, traceparentOf } from '#platform/telemetry/trace-context.ts';
import type { Attempt } from './call-attempt.ts';
import { callForMany, callForOne } from './call-attempt.ts';
import type { CallOptions } from './call-options.ts';
import type { AnyInit } from './implementation.ts';
import { pathOf } from './method-path.ts';
import type { RetryBudget } from './retry-budget.ts';
import { retryCall } from './retry-call.ts';
import type { MethodMetrics } from './rpc-metrics.ts';
import { asBuffer, requestIdKey } from './status-metadata.ts';

/** What the methods of a client share. */
export type ClientRuntime = {
  channel: ChannelInterface;
  serviceToken: ServiceTokenSource | undefined;
  logger: Logger | undefined;
  defaultTimeoutMs: number;
  budget: RetryBudget;
  retries: Counter | undefined;
};

type Requests = AnyInit | AsyncIterable<AnyInit>;
type Caller = { runtime: ClientRuntime; method: DescMethod; metrics: MethodMetrics | undefined };

/** The function for one RPC; its types are those of ClientMethod. */
export function createMethodCaller(runtime: ClientRuntime, method: DescMethod, metrics: MethodMetrics | undefined) {
  const caller: Caller = { runtime, method, metrics };
  const oneResponse = method.methodKind === 'unary' || method.methodKind === 'client_streaming';
  const call = oneResponse ? callOne : callMany;
  return (requests: Requests, options: CallOptions = {}) => call(caller, requests, options);
}

async function callOne(caller: Caller, requests: Requests, options: CallOptions): Promise<Message> {
  const { runtime, method, metrics } = caller;
  const startTimeMs = performance.now();
  const deadlineTimeMs = Date.now() + (options.timeoutMs ?? runtime.defaultTimeoutMs);
  metrics?.started();
  try {
    const message = fromBinary(method.output, await callWithRetry(caller, requests, options, deadlineTimeMs));
    metrics?.ended(Code.OK, startTimeMs);
    return message;
  } catch (error) {
    metricsEnded(metrics, startTimeMs, error);
    throw error;
  }
}

async function callWithRetry(caller: Caller, requests: Requests, options: CallOptions, deadlineTimeMs: number) {
  const { runtime, method } = caller;
  const encoded = encodeRequests(method, requests);
  const send = async () => callForOne(await attemptOf(caller, options, deadlineTimeMs), encoded);
  const { channel, budget, retries, logger } = runtime;
  budget.callMade();
  if (method.methodKind !== 'unary' || !isRepeatable(method)) return send();
  const onRetry = (retry: { attempts: number; delayMs: number }) => {
    retries?.inc({ rpc_service: method.parent.typeName, rpc_method: method.name });
    logger?.debug({ rpc: pathOf(method), ...retry }, 'call is sent again');
  };
  return retryCall({ send, channel, deadlineTimeMs, budget, signal: options.signal, onRetry });
}

async function* callMany(caller: Caller, requests: Requests, options: CallOptions): AsyncGenerator<Message, void> {
  const { method, metrics } = caller;
  const startTimeMs = performance.now();
  const deadlineTimeMs = options.timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.timeoutMs;
  metrics?.started();
  let code: Code = Code.CANCELLED;
  let failure: unknown;
  try {
    const attempt = await attemptOf(caller, options, deadlineTimeMs);
    for await (const bytes of callForMany(attempt, encodeRequests(method, requests))) {
      yield fromBinary(method.output, bytes);
    }
    code = Code.OK;
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    if (failure === undefined) metrics?.ended(code, startTimeMs);
    else metricsEnded(metrics, startTimeMs, failure);
  }
}

async function attemptOf(caller: Caller, options: CallOptions, deadlineTimeMs: number): Promise<Attempt> {
  const { channel, serviceToken } = caller.runtime;
  const metadata = new Metadata();
  const trace = currentTrace() ?? startTrace();
  metadata.set('traceparent', traceparentOf(trace));
  metadata.set(requestIdKey, trace.requestId);
  if (serviceToken !== undefined) metadata.set(serviceTokenKey, await serviceToken());
  if (options.userToken !== undefined) metadata.set(userTokenKey, `Bearer ${options.userToken}`);
  for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
  return { channel, path: pathOf(caller.method), metadata, deadlineTimeMs, signal: options.signal };
}

function encodeRequests(method: DescMethod, requests: Requests): Buffer | AsyncIterable<Buffer> {
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

function metricsEnded(metrics: MethodMetrics | undefined, startTimeMs: number, error: unknown): void {
  if (error instanceof OutcryError) metrics?.ended(error.code, startTimeMs, error);
  else metrics?.ended(Code.UNKNOWN, startTimeMs);
}
