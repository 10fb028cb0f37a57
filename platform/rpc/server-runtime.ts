/** What a server gives to the calls that it answers. */
import type { DescMethod } from '@bufbuild/protobuf';
import type { AccessRule } from '#gen/outcry/access/v1/access_pb.ts';
import type { Authenticator } from '#platform/auth/authenticator.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { UntypedHandler, UntypedReader } from './implementation.ts';
import type { RpcLimits } from './limits.ts';
import type { MethodMetrics } from './rpc-metrics.ts';

/** A call in progress, as its server ends it. */
export type OpenCall = {
  /** Ends the call with the status of the error. */
  fail(cause: unknown): void;
  /** Asks the handler of a stream to end. */
  endStream(cause: 'age' | 'drain'): void;
};

/** What all calls of a server share. */
export type ServerRuntime = {
  authenticator: Authenticator;
  logger: Logger;
  limits: RpcLimits;
  /** Calls in progress, to be counted against the limits and to be ended at the drain. */
  unaryCalls: Set<OpenCall>;
  streams: Set<OpenCall>;
  /** Counts the calls of an RPC. */
  metricsOf: (method: DescMethod) => MethodMetrics;
};

/** What all calls of one RPC share. */
export type MethodRuntime = {
  server: ServerRuntime;
  method: DescMethod;
  handler: UntypedHandler;
  /** Reads requests of one message before protobuf is asked. */
  reader: UntypedReader | undefined;
  /** Undefined only for health and reflection, which every caller may call. */
  rule: AccessRule | undefined;
  metrics: MethodMetrics;
};
