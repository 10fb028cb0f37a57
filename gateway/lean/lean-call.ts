/** One plain call, from its head to its answer. */
import type { DescMethod } from '@bufbuild/protobuf';
import type { Status } from '#gen/google/rpc/status_pb.ts';
import type { Caller } from '#platform/auth/claims.ts';
import { Code, codeFromNumber } from '#platform/errors/code.ts';
import { toStatus } from '#platform/errors/details.ts';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { recordServerCall } from '#platform/rpc/call-span.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';
import { deadlineClock } from '#platform/time/deadline-clock.ts';
import type { Gate, GateCall } from '../admission/admit.ts';
import { traceOf } from '../call/call-facts.ts';
import { type BegunCall, replay } from '../edge/begun-call.ts';
import type { BytesContext, Outcome, Upstream } from '../forward/forward-bytes.ts';
import type { RequestHandler } from '../port/request-handler.ts';
import type { PlainRequest } from './plain-request.ts';
import { retryAfterOf } from './refusal-forms.ts';
import type { AnswerOptions, Wire } from './wires.ts';

type Request = Parameters<RequestHandler>[0];
type Response = Parameters<RequestHandler>[1];

/** An RPC that is answered here. */
export type LeanMethod = { method: DescMethod; upstream: Upstream };

/** What all calls share. */
export type LeanRuntime = {
  gate: Gate;
  bodyBytesMax: number;
  timeoutMsDefault: number;
  timeoutMsMax: number;
  /** Answers by Connect what turns out not to be plain. */
  passOn: (request: Request, response: Response, begun: BegunCall) => void;
  /** Gets what made an answer impossible to send. */
  onUndelivered: (error: unknown) => void;
};

const anonymous: Caller = Object.freeze({});

/** A call in progress. It is what the gate and the upstream see of it, so that it is one object. */
export class LeanCall implements GateCall, BytesContext {
  readonly method: DescMethod;
  readonly trace: Trace;
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  caller: Caller = anonymous;
  isOver = false;
  onAbandoned: (() => void) | undefined;
  deadlineTimeMs: number;

  readonly #runtime: LeanRuntime;
  readonly #upstream: Upstream;
  readonly #plain: PlainRequest<Wire>;
  readonly #request: Request;
  readonly #response: Response;
  readonly #headers: Record<string, string> = {};
  readonly #startTimeMs = performance.now();
  #tick: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(
    runtime: LeanRuntime,
    { method, upstream }: LeanMethod,
    http: { request: Request; response: Response; plain: PlainRequest<Wire>; remoteAddress: string },
  ) {
    this.#runtime = runtime;
    this.#upstream = upstream;
    this.#request = http.request;
    this.#response = http.response;
    this.#plain = http.plain;
    this.method = method;
    this.trace = traceOf(http.request);
    this.authorization = http.request.headers.authorization;
    this.remoteAddress = http.remoteAddress;
    this.deadlineTimeMs = Date.now() + (http.plain.timeoutMs ?? Number.POSITIVE_INFINITY);
    this.#tick = deadlineClock.add(this.deadlineTimeMs, this);
  }

  /** Begins; everything else follows. */
  start(): void {
    this.#response.once('close', () => this.#end());
    try {
      const caller = this.#runtime.gate(this);
      if (caller instanceof Promise) caller.then(this.#readBody, this.#refuse);
      else this.#readBody(caller);
    } catch (error) {
      this.#refuse(error);
    }
  }

  setHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  /** The time of the call is over. */
  onDeadline(): void {
    this.#refuse(deadlineExceeded());
  }

  /** The caller has its answer, or has left. */
  #end(code: Code = Code.CANCELLED): void {
    if (this.isOver) return;
    this.isOver = true;
    recordServerCall(this.trace, { method: this.method, startTimeMs: this.#startTimeMs, code });
    deadlineClock.remove(this.#tick, this);
    this.onAbandoned?.();
  }

  readonly #readBody = (caller: Caller): void => {
    if (this.isOver) return;
    this.caller = caller;
    this.#request.on('data', this.#onData).once('end', this.#onBody);
  };

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > this.#runtime.bodyBytesMax) this.#passOn();
  };

  readonly #onBody = (): void => {
    if (this.isOver) return;
    const [first] = this.#chunks;
    const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    const request = this.#read(body);
    if (request === undefined) this.#passOn();
    else this.#forward(request);
  };

  #read(body: Buffer): Uint8Array | undefined {
    try {
      return this.#plain.wire.read(this.method, body);
    } catch {
      // Connect says what is wrong with it.
      return undefined;
    }
  }

  #forward(request: Uint8Array): void {
    const { timeoutMsDefault, timeoutMsMax } = this.#runtime;
    const timeoutMs = this.#plain.timeoutMs ?? timeoutMsDefault;
    if (this.#plain.timeoutMs === undefined || timeoutMs > timeoutMsMax) {
      deadlineClock.remove(this.#tick, this);
      this.deadlineTimeMs = Date.now() + Math.min(timeoutMs, timeoutMsMax);
      this.#tick = deadlineClock.add(this.deadlineTimeMs, this);
    }
    this.#upstream(request, this).then(this.#answer, this.#refuse);
  }

  readonly #answer = (outcome: Outcome): void => {
    this.onAbandoned = undefined;
    if ('refusal' in outcome) {
      this.#refuseWith(outcome.refusal);
      return;
    }
    const options = this.#takeAnswer(Code.OK);
    if (options === undefined) return;
    try {
      this.#plain.wire.answer(options, this.method, outcome.response)?.catch(this.#undelivered);
    } catch (error) {
      // What cannot be written in the form of the protocol is a fault of ours.
      if (this.#response.headersSent) this.#undelivered(error);
      else this.#sendRefusal(options, toStatus(error));
    }
  };

  readonly #refuse = (error: unknown): void => {
    if (!this.isOver) this.#refuseWith(toStatus(error));
  };

  #refuseWith(refusal: Status): void {
    const retryAfter = retryAfterOf(refusal);
    const more = retryAfter === undefined ? undefined : { 'retry-after': retryAfter };
    const options = this.#takeAnswer(codeFromNumber(refusal.code), more);
    if (options !== undefined) this.#sendRefusal(options, refusal);
  }

  #sendRefusal(options: AnswerOptions, refusal: Status): void {
    try {
      this.#plain.wire.refuse(options, refusal);
    } catch (error) {
      this.#undelivered(error);
    }
  }

  /** What an answer is sent with; undefined when there is none to send any more. */
  #takeAnswer(code: Code, more?: Record<string, string>): AnswerOptions | undefined {
    if (this.isOver) return undefined;
    this.#end(code);
    const headers = { ...more, ...this.#headers, 'x-request-id': this.trace.requestId };
    return { to: this.#response, headers, compression: this.#plain.compression };
  }

  /** Connect goes on with what was read so far, and with the rest. */
  #passOn(): void {
    const request = this.#request;
    request.off('data', this.#onData).off('end', this.#onBody);
    request.pause();
    this.isOver = true;
    deadlineClock.remove(this.#tick, this);
    const admission = { caller: this.caller, headers: this.#headers };
    try {
      this.#runtime.passOn(request, this.#response, {
        trace: this.trace,
        admission,
        body: replay(this.#chunks, request),
      });
    } catch (error) {
      this.#undelivered(error);
    }
  }

  readonly #undelivered = (error: unknown): void => {
    this.#response.destroy();
    this.#runtime.onUndelivered(error);
  };
}
