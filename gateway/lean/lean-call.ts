/** One plain call, from its head to its answer. */
import type { DescMethod } from '@bufbuild/protobuf';
import type { Status } from '#gen/google/rpc/status_pb.ts';
import { Code, codeFromNumber } from '#platform/errors/code.ts';
import { toStatus } from '#platform/errors/details.ts';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import type { BytesContext, Outcome, Upstream } from '../forward/forward-bytes.ts';
import { PlainCall, type PlainHttp, type PlainRuntime } from './plain-call.ts';
import { retryAfterOf } from './refusal-forms.ts';
import type { AnswerOptions, Wire } from './wires.ts';

/** An RPC that is answered here. */
export type LeanMethod = { method: DescMethod; upstream: Upstream };

/** What all calls share. */
export type LeanRuntime = PlainRuntime & { timeoutMsDefault: number; timeoutMsMax: number };

/** A call in progress. It is what the upstream sees of it besides, so that it is one object. */
export class LeanCall extends PlainCall<Wire> implements BytesContext {
  onAbandoned: (() => void) | undefined;
  readonly #runtime: LeanRuntime;
  readonly #upstream: Upstream;

  constructor(runtime: LeanRuntime, { method, upstream }: LeanMethod, http: PlainHttp<Wire>) {
    super(runtime, method, http);
    this.#runtime = runtime;
    this.#upstream = upstream;
  }

  onDeadline(): void {
    this.refuse(deadlineExceeded());
  }

  protected onEnd(): void {
    this.onAbandoned?.();
  }

  protected onBody(body: Buffer): void {
    const request = this.#read(body);
    if (request === undefined) this.passOn();
    else this.#forward(request);
  }

  #read(body: Buffer): Uint8Array | undefined {
    try {
      return this.plain.wire.read(this.method, body);
    } catch {
      // Connect says what is wrong with it.
      return undefined;
    }
  }

  #forward(request: Uint8Array): void {
    const { timeoutMsDefault, timeoutMsMax } = this.#runtime;
    const timeoutMs = this.plain.timeoutMs ?? timeoutMsDefault;
    if (this.plain.timeoutMs === undefined || timeoutMs > timeoutMsMax) {
      this.setDeadline(Date.now() + Math.min(timeoutMs, timeoutMsMax));
    }
    this.#upstream(request, this).then(this.#answer, this.refuse);
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
      this.plain.wire.answer(options, this.method, outcome.response)?.catch(this.undelivered);
    } catch (error) {
      // What cannot be written in the form of the protocol is a fault of ours.
      if (this.response.headersSent) this.undelivered(error);
      else this.#sendRefusal(options, toStatus(error));
    }
  };

  protected readonly refuse = (error: unknown): void => {
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
      this.plain.wire.refuse(options, refusal);
    } catch (error) {
      this.undelivered(error);
    }
  }

  /** What an answer is sent with; undefined when there is none to send any more. */
  #takeAnswer(code: Code, more?: Record<string, string>): AnswerOptions | undefined {
    if (this.isOver) return undefined;
    this.end(code);
    const headers = { ...more, ...this.headers, 'x-request-id': this.trace.requestId };
    return { to: this.response, headers, compression: this.plain.compression };
  }
}
