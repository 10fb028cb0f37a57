/** One call of a shared stream, from its head to its end. */
import type { Status } from '#gen/google/rpc/status_pb.ts';
import { Code, codeFromNumber } from '#platform/errors/code.ts';
import { toStatus } from '#platform/errors/details.ts';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { PlainCall, type PlainHttp, type PlainRuntime } from '../lean/plain-call.ts';
import { retryAfterOf } from '../lean/refusal-forms.ts';
import type { Channel } from './channel.ts';
import type { FanOut } from './fan-out.ts';
import { type Form, formOf } from './forms.ts';
import { type StreamKind, type Subscription, subscriptionOf } from './kinds.ts';
import type { Listener, StreamOutput } from './listener.ts';
import type { StreamWire } from './stream-wires.ts';

/** What all calls share. */
export type StreamRuntime = PlainRuntime & { fanOut: FanOut; ageMaxMs: number };

/** A call in progress, and where its listener writes. */
export class StreamCall extends PlainCall<StreamWire> implements StreamOutput {
  readonly #runtime: StreamRuntime;
  readonly #kind: StreamKind;
  readonly #form: Form;
  #joining: AbortController | undefined;
  #listener: Listener<Channel> | undefined;
  #streamId = '';

  constructor(runtime: StreamRuntime, kind: StreamKind, http: PlainHttp<StreamWire>) {
    super(runtime, kind.method, http);
    this.#runtime = runtime;
    this.#kind = kind;
    const { wire, compression } = http.plain;
    this.#form = formOf({ isJson: wire.isJson, isText: wire.isText, isZipped: compression !== undefined });
  }

  onDeadline(): void {
    if (this.#listener === undefined) this.refuse(deadlineExceeded());
    else this.#listener.fail(deadlineExceeded());
  }

  protected onEnd(): void {
    this.#joining?.abort();
    if (this.#listener !== undefined) this.#runtime.fanOut.leave(this.#listener, this.#streamId);
  }

  write(frames: Buffer): boolean {
    if (this.isOver) return true;
    this.#begin();
    return this.response.write(frames);
  }

  finish(refusal?: Status): void {
    if (this.isOver) return;
    this.end(refusal === undefined ? Code.OK : codeFromNumber(refusal.code));
    try {
      this.#begin();
      this.plain.wire.end(this.response, this.#form, refusal);
    } catch (error) {
      this.undelivered(error);
    }
  }

  onDrain(call: () => void): void {
    this.response.once('drain', call);
  }

  #begin(): void {
    if (this.response.headersSent) return;
    const { wire, compression } = this.plain;
    this.response.writeHead(200, {
      'content-type': wire.contentType,
      ...(compression !== undefined && { [wire.answerEncodingHeader]: compression.name }),
      ...this.headers,
      'x-request-id': this.trace.requestId,
    });
  }

  protected onBody(body: Buffer): void {
    const subscription = this.#read(body);
    // The key of a stream is watched by the handler behind.
    if (subscription === undefined || this.caller.user?.key !== undefined) this.passOn();
    else void this.#join(subscription);
  }

  #read(body: Buffer): Subscription | undefined {
    try {
      const request = this.plain.wire.read(this.method, body);
      return request && subscriptionOf(this.#kind, request);
    } catch {
      // Connect says what is wrong with it.
      return undefined;
    }
  }

  async #join(subscription: Subscription): Promise<void> {
    const { fanOut, ageMaxMs } = this.#runtime;
    const endTimeMs = Math.min(Date.now() + ageMaxMs, this.caller.user?.expireTimeMs ?? Number.POSITIVE_INFINITY);
    const joining = new AbortController();
    this.#joining = joining;
    this.#streamId = subscription.streamId;
    const options = { subscription, form: this.#form, output: this, endTimeMs, signal: joining.signal };
    // What the market refuses, or has no answer to as it is away, it says to the handler behind.
    this.#listener = await fanOut.join(options).catch(() => undefined);
    this.#joining = undefined;
    if (this.isOver && this.#listener !== undefined) fanOut.leave(this.#listener, this.#streamId);
    else if (this.#listener !== undefined) this.forgetBody();
    else if (!this.isOver) this.passOn();
  }

  protected readonly refuse = (error: unknown): void => {
    if (this.isOver) return;
    const refusal = toStatus(error);
    const retryAfter = retryAfterOf(refusal);
    if (retryAfter !== undefined) this.headers['retry-after'] = retryAfter;
    this.finish(refusal);
  };
}
