/** A gRPC server over grpc-js whose services come from protobuf-es descriptors; health and reflection are always among them. */

import type { DescMethod } from '@bufbuild/protobuf';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { AccessRule } from '#gen/outcry/access/v1/access_pb.ts';
import { Role } from '#gen/outcry/access/v1/access_pb.ts';
import { accessRule } from '#platform/auth/access.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Metrics } from '#platform/telemetry/metrics.ts';
import { startTimer } from '#platform/time/timer.ts';
import './silence-grpc-logs.ts';
import { createCallInterceptor } from './call-interceptor.ts';
import { takeTimeouts } from './grpc-timeout.ts';
import type { HealthState } from './health.ts';
import { healthService } from './health-service.ts';
import type { ServiceBinding } from './implementation.ts';
import type { RpcLimits } from './limits.ts';
import { defaultLimits } from './limits.ts';
import { pathOf } from './method-path.ts';
import { reflectionServices } from './reflection.ts';
import { createRpcMetrics } from './rpc-metrics.ts';
import type { MethodRuntime, ServerRuntime } from './server-runtime.ts';
import { shuttingDown } from './status-metadata.ts';

export type { CallContext } from './call-context.ts';
export type { Implementation, ServiceBinding } from './implementation.ts';
export { EncodedMessage, implement } from './implementation.ts';

/** A listening server. */
export type RpcServer = AsyncDisposable & {
  /** The bound port. */
  port: number;
  /** Stops taking calls, asks streams to end, waits for calls in progress up to `graceMs`, then closes. */
  drain(graceMs: number): Promise<void>;
};

/** What a server is made of. `port` 0 takes any free port. */
export type RpcServerOptions = {
  serviceName: string;
  host: string;
  port: number;
  bindings: ServiceBinding[];
  authenticator: Authenticator;
  logger: Logger;
  metrics: Metrics;
  health: HealthState;
  limits?: Partial<RpcLimits>;
};

const drainGraceMs = 10_000;
// Between the last statuses and the end of the connections, so that the statuses arrive.
const cutDelayMs = 250;

/** Starts listening. Rejects when an RPC states no access rule, when two bindings are of one service, or when the port is taken. */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const { bindings, health } = options;
  const limits: RpcLimits = { ...defaultLimits, ...options.limits };
  const metricsOf = createRpcMetrics(options.metrics, 'server');
  const runtime: ServerRuntime = { ...options, limits, metricsOf, unaryCalls: new Set(), streams: new Set() };
  const builtIn = builtInBindings(bindings, health);
  const runtimes = new Map<string, MethodRuntime>();
  for (const binding of [...bindings, ...builtIn]) {
    for (const [method, handler] of binding.handlers) {
      const rule = builtIn.includes(binding) ? undefined : requiredRule(method);
      const reader = binding.readers?.get(method);
      runtimes.set(pathOf(method), { server: runtime, method, handler, reader, rule, metrics: metricsOf(method) });
    }
  }
  const server = new Server({ ...channelOptions(limits), interceptors: [createCallInterceptor(runtimes)] });
  for (const { method } of runtimes.values()) register(server, method);
  const port = await bind(server, addressOf(options.host, options.port));
  takeTimeouts(server);
  // A service whose state was set before, as NOT_SERVING, is left as it is.
  const known = health.list();
  for (const { service } of bindings) if (!known.has(service.typeName)) health.set(service.typeName, true);
  let drained: Promise<void> | undefined;
  const drain = (graceMs: number) => {
    drained ??= drainServer(server, addressOf(options.host, port), runtime, graceMs);
    return drained;
  };
  return { port, drain, [Symbol.asyncDispose]: () => drain(drainGraceMs) };
}

function builtInBindings(bindings: ServiceBinding[], health: HealthState): ServiceBinding[] {
  const names = new Set(bindings.map(({ service }) => service.typeName));
  if (names.size !== bindings.length) throw new TypeError('a service is bound twice');
  const healthBinding = healthService(health);
  const described = [...bindings.map(({ service }) => service), healthBinding.service];
  return [healthBinding, ...reflectionServices(described)];
}

function requiredRule(method: DescMethod): AccessRule {
  const rule = accessRule(method);
  const name = `${method.parent.typeName}.${method.name}`;
  if (rule === undefined) throw new TypeError(`${name} states no access rule`);
  if (rule.roles.length + rule.services.length === 0)
    throw new TypeError(`${name} names no role and no service that may call it`);
  if (rule.roles.includes(Role.UNSPECIFIED)) throw new TypeError(`${name} names an unspecified role`);
  return rule;
}

function channelOptions(limits: RpcLimits) {
  return {
    'grpc.max_receive_message_length': limits.requestBytesMax,
    'grpc.max_send_message_length': limits.responseBytesMax,
    'grpc.max_concurrent_streams': limits.concurrentStreamsMax,
    'grpc.keepalive_time_ms': limits.keepaliveTimeMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    'grpc.enable_channelz': 0,
  };
}

// Messages pass the library as bytes. The handler it asks for is never reached: the interceptor takes the call before.
function register(server: Server, method: DescMethod): void {
  const kinds = {
    unary: 'unary',
    server_streaming: 'serverStream',
    client_streaming: 'clientStream',
    bidi_streaming: 'bidi',
  };
  const asIs = (bytes: Buffer) => bytes;
  server.register(pathOf(method), unreachable, asIs, asIs, kinds[method.methodKind]);
}

function unreachable(): never {
  throw new Error('the call was not taken by the interceptor');
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, boundPort) => {
      if (error === null) resolve(boundPort);
      else reject(new Error(`cannot listen on ${address}: ${error.message}`, { cause: error }));
    });
  });
}

function addressOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

async function drainServer(server: Server, address: string, calls: ServerRuntime, graceMs: number): Promise<void> {
  // forceShutdown finds no sessions while channelz is off; drain does: it closes them, and cuts those left after the time.
  server.drain(address, graceMs + cutDelayMs);
  const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  for (const stream of calls.streams) stream.endStream('drain');
  using _timer = startTimer(graceMs, () => {
    for (const call of [...calls.unaryCalls, ...calls.streams]) call.fail(shuttingDown());
  });
  await closed;
}
