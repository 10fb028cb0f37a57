/** One call of a shared stream, from its head to its end. */
import type { Caller } from '#platform/auth/claims.ts';
import { toStatus } from '#platform/errors/details.ts';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';
import { deadlineClock } from '#platform/time/deadline-clock.ts';
import type { Gate, GateCall } from '../admission/admit.ts';
import { traceOf } from '../call/call-facts.ts';
import { type BegunCall, replay } from '../edge/begun-call.ts';
import type { PlainRequest } from '../lean/plain-request.ts';
import { retryAfterOf } from '../lean/refusal-forms.ts';
import type { RequestHandler } from '../port/request-handler.ts';
import type { Channel } from './channel.ts';
import type { FanOut } from './fan-out.ts';
import { formOf } from './forms.ts';
import { type StreamKind, type StreamRequest, type Subscription, subscriptionOf } from './kinds.ts';
import type { Listener, StreamOutput } from './listener.ts';
import type { StreamWire } from './stream-wires.ts';

type Request = Parameters<RequestHandler>[0];
type Response = Parameters<RequestHandler>[1];

/** What all calls share. */
export type StreamRuntime = {
  gate: Gate;
  fanOut: FanOut;
  bodyBytesMax: number;
  ageMaxMs: number;
  /** Answers by Connect what is not plain, and what the market may refuse. */
  passOn: (request: Request, response: Response, begun: BegunCall) => void;
  /** Gets what made an answer impossible to send. */
  onUndelivered: (error: unknown) => void;
};

type Http = { request: Request; response: Response; plain: PlainRequest<StreamWire>; remoteAddress: string };

/** A call in progress: what the gate sees of it, and where its listener writes. */
export class StreamCall implements GateCall, StreamOutput {
  readonly method: StreamKind['method'];
  readonly trace: Trace;
  readonly authorization: string | undefined;
  readonly remoteAddress: string;
  readonly #runtime: StreamRuntime;
  readonly #kind: StreamKind;
  readonly #plain: PlainRequest<StreamWire>;
  readonly #request: Request;
  readonly #response: Response;
  readonly #headers: Record<string, string> = {};
  readonly #tick: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #caller: Caller = {};
  #isOver = false;
  #listener: Listener<Channel> | undefined;
  #streamId = '';

  constructor(runtime: StreamRuntime, kind: StreamKind, { request, response, plain, remoteAddress }: Http) {
    this.#runtime = runtime;
    this.#kind = kind;
    this.#request = request;
    this.#response = response;
    this.#plain = plain;
    this.method = kind.method;
    this.trace = traceOf(request);
    this.authorization = request.headers.authorization;
    this.remoteAddress = remoteAddress;
    this.#tick = deadlineClock.add(Date.now() + (plain.timeoutMs ?? Number.POSITIVE_INFINITY), this);
  }

  /** Begins; everything else follows. */
  start(): void {
    this.#response.once('close', this.#onClose);
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

  onDeadline(): void {
    if (this.#listener === undefined) this.#refuse(deadlineExceeded());
    else this.#listener.fail(deadlineExceeded());
  }

  write(frames: Buffer): boolean {
    if (this.#isOver) return true;
    this.#begin();
    return this.#response.write(frames);
  }

  end(refusal?: ReturnType<typeof toStatus>): void {
    if (this.#isOver) return;
    this.#finish();
    try {
      this.#begin();
      this.#plain.wire.end(this.#response, this.#form, refusal);
    } catch (error) {
      this.#undelivered(error);
    }
  }

  onDrain(call: () => void): void {
    this.#response.once('drain', call);
  }

  get #form() {
    const { wire, compression } = this.#plain;
    return formOf({ isJson: wire.isJson, isText: wire.isText, isZipped: compression !== undefined });
  }

  #begin(): void {
    if (this.#response.headersSent) return;
    const { wire, compression } = this.#plain;
    this.#response.writeHead(200, {
      'content-type': wire.contentType,
      ...(compression !== undefined && { [wire.answerEncodingHeader]: compression.name }),
      ...this.#headers,
      'x-request-id': this.trace.requestId,
    });
  }

  readonly #onClose = (): void => {
    this.#finish();
    if (this.#listener !== undefined) this.#runtime.fanOut.leave(this.#listener, this.#streamId);
  };

  #finish(): void {
    this.#isOver = true;
    deadlineClock.remove(this.#tick, this);
  }

  readonly #readBody = (caller: Caller): void => {
    if (this.#isOver) return;
    this.#caller = caller;
    this.#request.on('data', this.#onData).once('end', this.#onBody);
  };

  readonly #onData = (chunk: Buffer): void => {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > this.#runtime.bodyBytesMax) this.#passOn();
  };

  readonly #onBody = (): void => {
    if (this.#isOver) return;
    const subscription = this.#read(Buffer.concat(this.#chunks));
    // The key of a stream is watched by the handler behind.
    if (subscription === undefined || this.#caller.user?.key !== undefined) this.#passOn();
    else void this.#join(subscription);
  };

  #read(body: Buffer): Subscription | undefined {
    try {
      const request = this.#plain.wire.read(this.method, body);
      return request && subscriptionOf(this.#kind, request as unknown as StreamRequest);
    } catch {
      // Connect says what is wrong with it.
      return undefined;
    }
  }

  async #join(subscription: Subscription): Promise<void> {
    const { fanOut, ageMaxMs } = this.#runtime;
    const endTimeMs = Math.min(Date.now() + ageMaxMs, this.#caller.user?.expireTimeMs ?? Number.POSITIVE_INFINITY);
    this.#streamId = subscription.streamId;
    try {
      this.#listener = await fanOut.join({ subscription, form: this.#form, output: this, endTimeMs });
    } catch {
      // The market refuses it, or is away: it says so to the handler behind.
    }
    if (this.#isOver && this.#listener !== undefined) fanOut.leave(this.#listener, this.#streamId);
    else if (this.#listener === undefined) this.#passOn();
  }

  readonly #refuse = (error: unknown): void => {
    if (this.#isOver) return;
    const refusal = toStatus(error);
    const retryAfter = retryAfterOf(refusal);
    if (retryAfter !== undefined) this.#headers['retry-after'] = retryAfter;
    this.end(refusal);
  };

  /** Connect goes on with what was read so far, and with the rest. */
  #passOn(): void {
    if (this.#isOver) return;
    const request = this.#request;
    request.off('data', this.#onData).off('end', this.#onBody);
    request.pause();
    this.#finish();
    const admission = { caller: this.#caller, headers: this.#headers };
    const body = replay(this.#chunks, request);
    try {
      this.#runtime.passOn(request, this.#response, { trace: this.trace, admission, body });
    } catch (error) {
      this.#undelivered(error);
    }
  }

  readonly #undelivered = (error: unknown): void => {
    this.#response.destroy();
    this.#runtime.onUndelivered(error);
  };
}
