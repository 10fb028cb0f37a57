/** Typed gRPC clients over grpc-js channels, with deadlines, identity, trace context and a bounded retry. */
import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { ServiceTokenSource } from '#platform/auth/service-token.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import type { CallOptions } from './call-options.ts';
import { shareChannel } from './channel-pool.ts';
import type { ClientRuntime } from './method-caller.ts';
import { createBytesCaller, createMethodCaller } from './method-caller.ts';
import { createRetryBudget } from './retry-budget.ts';
import { type RetryOptions, retryCall } from './retry-call.ts';
import { createRpcMetrics, type MethodMetrics } from './rpc-metrics.ts';

export type { CallOptions } from './call-options.ts';

/** The calls of a service. A call that fails rejects with the OutcryError that the server threw. */
export type RpcClient<S extends DescService> = {
  [K in keyof S['method']]: ClientMethod<S['method'][K]>;
} & AsyncDisposable;

/** One RPC from the caller's side, by its kind. */
export type ClientMethod<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: CallOptions) => Promise<MessageShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageInitShape<I>, options?: CallOptions) => AsyncIterable<MessageShape<O>>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? (requests: AsyncIterable<MessageInitShape<I>>, options?: CallOptions) => Promise<MessageShape<O>>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? (requests: AsyncIterable<MessageInitShape<I>>, options?: CallOptions) => AsyncIterable<MessageShape<O>>
          : never;

/** Where a client calls and as whom. */
export type RpcClientOptions = {
  /** A gRPC target: `ipv4:127.0.0.1:9051,127.0.0.1:9052` or `dns:///order:9000`. */
  address: string;
  /** The calling service's own identity; undefined for callers that have none. */
  serviceToken: ServiceTokenSource | undefined;
  logger?: Logger;
  metrics?: Metrics;
  /** The deadline of a unary call that gives none, in ms; default 5,000. */
  defaultTimeoutMs?: number;
};

/**
 * A client of `service`. Clients of one address share its channels, which connect at the first call and again by themselves. Reads and
 * keyed calls (NO_SIDE_EFFECTS, IDEMPOTENT) are sent again on UNAVAILABLE until their deadline; an answer UNAVAILABLE costs a retry of
 * the budget, a missing connection does not.
 */
export function createRpcClient<S extends DescService>(service: S, options: RpcClientOptions): RpcClient<S> {
  const share = shareChannel(options.address);
  const metricsOf = options.metrics && createRpcMetrics(options.metrics, 'client');
  const runtime: ClientRuntime = {
    channel: share.channel,
    streams: share.streams,
    serviceToken: options.serviceToken,
    logger: options.logger,
    defaultTimeoutMs: options.defaultTimeoutMs ?? 5_000,
    budget: createRetryBudget(),
    retries: options.metrics?.counter({
      name: 'rpc_client_retries_total',
      help: 'Calls that were sent again.',
      labels: ['rpc_method'],
    }),
  };
  const metricsOfMethod = new Map(service.methods.map((method) => [method, metricsOf?.(method)]));
  const client: Record<string | symbol, unknown> = {
    [insides]: { runtime, metricsOf: (method) => metricsOfMethod.get(method) } satisfies Insides,
    async [Symbol.asyncDispose]() {
      share.release();
    },
  };
  for (const method of service.methods)
    client[method.localName] = createMethodCaller(runtime, method, metricsOfMethod.get(method));
  return client as RpcClient<S>;
}

/** The calls of one RPC whose messages stay bytes: the protobuf encoding of its request and its responses. */
export type BytesCaller = ReturnType<typeof createBytesCaller>;

/**
 * Calls an RPC of the client with one request, of which the caller has the bytes: a process that passes messages on need not decode them.
 * Otherwise as the client's own function. Use `one` for a unary RPC, `many` for a stream of responses.
 */
export function bytesCallerOf(client: AnyClient, method: DescMethod): BytesCaller {
  const { runtime, metricsOf } = insidesOf(client);
  return createBytesCaller(runtime, method, metricsOf(method));
}

/** Sends something again under the retry rule and the budget of a client; see `retryCall`. */
export function repeaterOf(client: AnyClient) {
  const { channel, budget } = insidesOf(client).runtime;
  return <R>(options: Omit<RetryOptions<R>, 'channel' | 'budget'>): Promise<R> => {
    budget.callMade();
    return retryCall({ ...options, channel, budget });
  };
}

const insides = Symbol('insides of a client');
type Insides = { runtime: ClientRuntime; metricsOf: (method: DescMethod) => MethodMetrics | undefined };
type AnyClient = AsyncDisposable;

function insidesOf(client: AnyClient): Insides {
  const found: unknown = Reflect.get(client, insides);
  if (found === undefined) throw new TypeError('this is no client of createRpcClient');
  return found as Insides;
}
