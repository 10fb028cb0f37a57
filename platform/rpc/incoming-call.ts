/** One call at the server, from its metadata to its status. */
import type { DescMethod } from '@bufbuild/protobuf';
import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '#platform/auth/claims.ts';
import { Code, codeName } from '#platform/errors/code.ts';
import { toOutcryError } from '#platform/errors/details.ts';
import type { OutcryError } from '#platform/errors/outcry-error.ts';
import { cancelled, deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { withMirrorMark } from '#platform/telemetry/carried-baggage.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';
import { startTrace } from '#platform/telemetry/trace-context.ts';
import { deadlineClock } from '#platform/time/deadline-clock.ts';
import { startTimer, type Timer } from '#platform/time/timer.ts';
import { admitCall, admitItem, clientAddressOf, metadataText } from './admit-call.ts';
import type { CallContext } from './call-context.ts';
import { StreamEnd } from './call-context.ts';
import { recordServerCall } from './call-span.ts';
import { parseGrpcTimeout, timeoutKey } from './grpc-timeout.ts';
import { refuseCopy } from './refuse-copy.ts';
import type { MethodRuntime, OpenCall } from './server-runtime.ts';
import type { OutgoingStatus } from './status-metadata.ts';
import { errorStatus, okStatus, requestIdKey, shuttingDown, transportError } from './status-metadata.ts';

/** The part of a grpc-js server call that is used. */
export type Transport = {
  sendStatus(status: { code: number; details: string; metadata?: Metadata | null }): void;
  /** Address and port of the other end of the connection. */
  getPeer?(): string;
  /** The host that the call names. */
  getHost?(): string;
};

const requestIdPattern = /^[\w.:-]{1,128}$/;
const anonymous: Caller = Object.freeze({});
const endedReason = cancelled('the call has ended');

/** A call in progress; it is also the context that its handler sees. Ends once, with the first status given. */
export class IncomingCall implements CallContext, OpenCall {
  readonly method: DescMethod;
  readonly logger: Logger;
  readonly trace: Trace;
  readonly deadlineTimeMs: number;
  caller: Caller = anonymous;
  ended = false;

  readonly #runtime: MethodRuntime;
  readonly #metadata: Metadata;
  readonly #transport: Transport;
  readonly #send: (status: OutgoingStatus) => void;
  readonly #startTimeMs = performance.now();
  readonly #siblings: Set<OpenCall>;
  /** What is wrong with the call itself; it is refused for that when it is admitted. */
  readonly #fault: unknown;
  readonly #deadlineTick: number;
  #streamTimer: Timer | undefined;
  /** When a stream is asked to end, Unix milliseconds. */
  #streamEndTimeMs = Number.POSITIVE_INFINITY;
  #abort: AbortController | undefined;
  #abortReason: Error | undefined;
  #endListeners: (() => void)[] | undefined;

  constructor(runtime: MethodRuntime, transport: Transport, metadata: Metadata) {
    const { server, method } = runtime;
    this.#runtime = runtime;
    this.#metadata = metadata;
    this.method = method;
    this.logger = server.logger;
    this.trace = startTrace(
      metadataText(metadata, 'traceparent'),
      validRequestId(metadataText(metadata, requestIdKey)),
      withMirrorMark(metadataText(metadata, 'baggage'), transport.getHost?.() ?? ''),
    );
    this.#transport = transport;
    this.#send = transport.sendStatus.bind(transport);
    // grpc-js answers some faults by itself, from inside the transport; those get their details here.
    transport.sendStatus = (status) => this.fail(transportError(status));
    const isStream = method.methodKind !== 'unary';
    this.#siblings = isStream ? server.streams : server.unaryCalls;
    this.#siblings.add(this);
    runtime.metrics.started();
    const { defaultDeadlineMs, streamAgeMaxMs } = server.limits;
    let timeoutMs: number | undefined;
    try {
      timeoutMs = sentTimeout(metadata);
    } catch (error) {
      this.#fault = error;
    }
    if (!isStream) timeoutMs ??= defaultDeadlineMs;
    this.deadlineTimeMs = Date.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
    this.#deadlineTick = deadlineClock.add(this.deadlineTimeMs, this);
    if (isStream) this.#endStreamBy(Date.now() + streamAgeMaxMs * (0.9 + Math.random() * 0.2));
  }

  get requestId(): string {
    return this.trace.requestId;
  }

  get clientAddress(): string | undefined {
    return clientAddressOf(this.caller, this.#metadata);
  }

  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.ended || this.#abortReason !== undefined) this.#abort.abort(this.#abortReason ?? endedReason);
    }
    return this.#abort.signal;
  }

  admitItem(method: DescMethod, userToken: string): Caller | Promise<Caller> {
    return admitItem(this.#runtime.server, method, { userToken, service: this.caller.service });
  }

  countItem(method: DescMethod, startTimeMs: number, error: OutcryError | undefined): void {
    const metrics = this.#runtime.server.metricsOf(method);
    metrics.started();
    metrics.ended(error?.code ?? Code.OK, startTimeMs, error);
  }

  /**
   * Refuses what is over the limits, not allowed, past its deadline, or a copy that would change something; afterwards `caller` is set.
   * Gives a promise only when there is something to wait for; throws or rejects.
   */
  admit(): undefined | Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    if (Date.now() >= this.deadlineTimeMs) throw deadlineExceeded();
    const caller = admitCall(this.#runtime, this.#metadata, this.#transport);
    if (caller instanceof Promise) return this.#admitLater(caller);
    this.#setCaller(caller);
    refuseCopy(this.#runtime, this.trace);
    return undefined;
  }

  async #admitLater(caller: Promise<Caller>): Promise<void> {
    this.#setCaller(await caller);
    if (Date.now() >= this.deadlineTimeMs) throw deadlineExceeded();
    refuseCopy(this.#runtime, this.trace);
  }

  // A token was looked at when the stream began; what it allows ends with it. Streams of API keys are watched by the gateway.
  #setCaller(caller: Caller): void {
    this.caller = caller;
    const { expireTimeMs, key } = caller.user ?? {};
    if (this.method.methodKind === 'unary' || expireTimeMs === undefined || key !== undefined) return;
    this.#endStreamBy(expireTimeMs);
  }

  #endStreamBy(timeMs: number): void {
    if (timeMs >= this.#streamEndTimeMs || this.#abortReason !== undefined) return;
    this.#streamEndTimeMs = timeMs;
    this.#streamTimer?.[Symbol.dispose]();
    this.#streamTimer = startTimer(Math.max(0, timeMs - Date.now()), () => this.endStream('age')).unref();
  }

  /** Ends the call with OK. */
  succeed(): void {
    this.#end(Code.OK, undefined);
  }

  /** Ends the call with the status of `cause`; what is not for the caller is logged here and only here. */
  fail(cause: unknown): void {
    if (this.ended) return;
    if (this.#abortReason instanceof StreamEnd && isAbort(cause, this.#abortReason)) {
      this.#endAsAsked();
      return;
    }
    const error = toOutcryError(cause);
    if (error.code === Code.INTERNAL) this.#logFault(error);
    this.#end(error.code, error);
  }

  /** The time of the call is over. */
  onDeadline(): void {
    this.fail(deadlineExceeded());
  }

  /** The caller went away: nothing can be sent any more. */
  cancel(): void {
    if (!this.ended) this.#end(Code.CANCELLED, cancelled());
  }

  /** Asks the handler of a stream to end; ends the call itself when it takes too long. */
  endStream(cause: 'age' | 'drain'): void {
    if (this.ended || this.#abortReason !== undefined) return;
    this.#abortReason = new StreamEnd(cause);
    this.#streamTimer?.[Symbol.dispose]();
    this.#streamTimer = startTimer(this.#runtime.server.limits.streamEndGraceMs, () => this.#endAsAsked());
    this.#abort?.abort(this.#abortReason);
  }

  /** `listener` runs once when the call has ended, however that came. */
  onEnd(listener: () => void): void {
    this.#endListeners ??= [];
    this.#endListeners.push(listener);
  }

  #endAsAsked(): void {
    if (this.#abortReason?.cause === 'age') {
      this.succeed();
      return;
    }
    const error = shuttingDown();
    this.#end(error.code, error);
  }

  #end(code: Code, error: OutcryError | undefined): void {
    if (this.ended) return;
    this.ended = true;
    deadlineClock.remove(this.#deadlineTick, this);
    this.#streamTimer?.[Symbol.dispose]();
    this.#siblings.delete(this);
    this.#runtime.metrics.ended(code, this.#startTimeMs, error);
    this.#send(error === undefined ? okStatus(this.requestId) : errorStatus(error, this.requestId));
    this.#abortReason ??= error;
    this.#abort?.abort(this.#abortReason ?? endedReason);
    for (const listener of this.#endListeners ?? []) listener();
    recordServerCall(this.trace, { method: this.method, startTimeMs: this.#startTimeMs, code, error });
    if (this.logger.isLevelEnabled('debug')) this.#logAccess(code, error);
  }

  #logFault(error: OutcryError): void {
    this.logger.error({ ...this.#names(), error: error.cause ?? error }, 'call failed');
  }

  #logAccess(code: Code, error: OutcryError | undefined): void {
    const { user, service } = this.caller;
    const durationMs = Math.round((performance.now() - this.#startTimeMs) * 100) / 100;
    const fields = { ...this.#names(), code: codeName(code), durationMs, userId: user?.userId, callerService: service };
    this.logger.debug({ ...fields, reason: error?.reason }, 'call ended');
  }

  #names() {
    return { rpc: `${this.method.parent.typeName}/${this.method.name}`, requestId: this.requestId };
  }
}

function sentTimeout(metadata: Metadata): number | undefined {
  const text = metadataText(metadata, timeoutKey);
  return text === undefined ? undefined : parseGrpcTimeout(text);
}

function validRequestId(text: string | undefined): string | undefined {
  return text !== undefined && requestIdPattern.test(text) ? text : undefined;
}

function isAbort(cause: unknown, reason: Error): boolean {
  return cause === reason || (cause instanceof Error && (cause.name === 'AbortError' || cause.cause === reason));
}
