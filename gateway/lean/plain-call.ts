/** What a call that is answered without Connect begins with: its admission, its deadline and its body. */
import type { DescMethod } from '@bufbuild/protobuf';
import type { Caller } from '#platform/auth/claims.ts';
import { Code } from '#platform/errors/code.ts';
import type { OutcryError } from '#platform/errors/outcry-error.ts';
import { recordServerCall } from '#platform/rpc/call-span.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';
import { deadlineClock } from '#platform/time/deadline-clock.ts';
import type { Gate, GateCall } from '../admission/admit.ts';
import { traceOf } from '../call/call-facts.ts';
import { type BegunCall, replay } from '../edge/begun-call.ts';
import type { RequestHandler } from '../port/request-handler.ts';
import type { PlainHead, PlainRequest } from './plain-request.ts';

type Request = Parameters<RequestHandler>[0];
type Response = Parameters<RequestHandler>[1];

/** What all calls share. */
export type PlainRuntime = {
  gate: Gate;
  bodyBytesMax: number;
  /** Answers by Connect what turns out not to be plain. */
  passOn: (request: Request, response: Response, begun: BegunCall) => void;
  /** Gets what made an answer impossible to send. */
  onUndelivered: (error: unknown) => void;
};

/** A request whose head is plain. */
export type PlainHttp<W extends PlainHead> = {
  request: Request;
  response: Response;
  plain: PlainRequest<W>;
  remoteAddress: string;
};

const anonymous: Caller = Object.freeze({});

/** A call in progress. It is what the gate sees of it, so that it is one object. */
export abstract class PlainCall<W extends PlainHead> implements GateCall {
  readonly method: DescMethod;
  readonly trace: Trace;
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  caller: Caller = anonymous;
  isOver = false;
  /** Unix ms; infinite without a deadline. */
  deadlineTimeMs: number;

  protected readonly plain: PlainRequest<W>;
  protected readonly response: Response;
  protected readonly headers: Record<string, string> = {};
  readonly #runtime: PlainRuntime;
  readonly #request: Request;
  readonly #startTimeMs = performance.now();
  #tick: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(runtime: PlainRuntime, method: DescMethod, { request, response, plain, remoteAddress }: PlainHttp<W>) {
    this.#runtime = runtime;
    this.#request = request;
    this.response = response;
    this.plain = plain;
    this.method = method;
    this.trace = traceOf(request);
    this.authorization = request.headers.authorization;
    this.remoteAddress = remoteAddress;
    this.deadlineTimeMs = Date.now() + (plain.timeoutMs ?? Number.POSITIVE_INFINITY);
    this.#tick = deadlineClock.add(this.deadlineTimeMs, this);
  }

  /** Begins; everything else follows. */
  start(): void {
    this.response.once('close', this.#onClose);
    try {
      const caller = this.#runtime.gate(this);
      if (caller instanceof Promise) caller.then(this.#readBody, this.refuse);
      else this.#readBody(caller);
    } catch (error) {
      this.refuse(error);
    }
  }

  setHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  /** The time of the call is over. */
  abstract onDeadline(): void;

  /** Goes on with the whole body of an admitted call. */
  protected abstract onBody(body: Buffer): void;

  /** Answers with a refusal, unless the call is over. */
  protected abstract refuse: (error: unknown) => void;

  /** Runs once, when the call was answered or its caller has left. */
  protected abstract onEnd(): void;

  /** The caller has its answer, or has left. */
  protected end(code: Code, error?: OutcryError): void {
    if (this.isOver) return;
    this.isOver = true;
    recordServerCall(this.trace, { method: this.method, startTimeMs: this.#startTimeMs, code, error });
    deadlineClock.remove(this.#tick, this);
    this.onEnd();
  }

  protected setDeadline(timeMs: number): void {
    deadlineClock.remove(this.#tick, this);
    this.deadlineTimeMs = timeMs;
    this.#tick = deadlineClock.add(timeMs, this);
  }

  /** Connect goes on with what was read so far, and with the rest. */
  protected passOn(): void {
    const request = this.#request;
    request.off('data', this.#onData).off('end', this.#onWhole);
    request.pause();
    this.isOver = true;
    deadlineClock.remove(this.#tick, this);
    const admission = { caller: this.caller, headers: this.headers };
    const body = replay(this.#chunks, request);
    try {
      this.#runtime.passOn(request, this.response, { trace: this.trace, admission, body });
    } catch (error) {
      this.undelivered(error);
    }
  }

  /** The body is not needed any more. */
  protected forgetBody(): void {
    this.#chunks = [];
  }

  protected readonly undelivered = (error: unknown): void => {
    this.response.destroy();
    this.#runtime.onUndelivered(error);
  };

  readonly #onClose = (): void => this.end(Code.CANCELLED);

  readonly #readBody = (caller: Caller): void => {
    if (this.isOver) return;
    this.caller = caller;
    this.#request.on('data', this.#onData).once('end', this.#onWhole);
  };

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > this.#runtime.bodyBytesMax && !this.isOver) this.passOn();
  };

  readonly #onWhole = (): void => {
    if (this.isOver) return;
    const [first] = this.#chunks;
    this.onBody(this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks));
  };
}
