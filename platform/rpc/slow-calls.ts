/**
 * The slowest unary calls of a process. Streams are left out, as their length is that of their reader's interest. Each minute has a list of its own, so
 * that what is over 15 minutes old leaves without a look at the rest, and the slowest of all minutes are among theirs.
 */
import type { DescMethod } from '@bufbuild/protobuf';
import type { Code } from '#platform/errors/code.ts';
import type { Trace } from '#platform/telemetry/trace-context.ts';

/** A call that took long. It has nothing of its request or its caller. */
export type SlowCall = {
  method: DescMethod;
  durationMs: number;
  code: Code;
  /** Unix ms. */
  endTimeMs: number;
  traceId: string;
  requestId: string;
};

/** A call that ends now; `startTimeMs` is of `performance.now()`. */
type EndingCall = { method: DescMethod; startTimeMs: number; code: Code };

/** How many calls are given, and stored of each minute. */
export const slowCallsMax = 20;
/** How old they are at most, in ms. */
export const slowCallsAgeMaxMs = 15 * 60_000;
const minuteMs = 60_000;
const minutesMax = slowCallsAgeMaxMs / minuteMs + 1;

type Minute = { endMs: number; calls: SlowCall[] };

/** At most 20 calls of each of 16 minutes. `nowMs` is monotonic, of the same clock as the starts of calls. */
export class SlowCalls {
  readonly #nowMs: () => number;
  #minutes: Minute[] = [];
  #current: Minute = { endMs: Number.NEGATIVE_INFINITY, calls: [] };
  /** What a call must be slower than to be among those of the minute. */
  #floorMs = 0;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Notes the call if it is among the slowest of its minute. Any other costs a comparison. */
  note(trace: Trace, { method, startTimeMs, code }: EndingCall): void {
    const nowMs = this.#nowMs();
    if (nowMs >= this.#current.endMs) this.#begin(nowMs);
    const durationMs = nowMs - startTimeMs;
    if (durationMs <= this.#floorMs || method.methodKind !== 'unary' || isOfPlatform(method)) return;
    const { traceId, requestId } = trace;
    this.#add({ method, durationMs, code, endTimeMs: Date.now(), traceId, requestId });
  }

  /** The slowest of the last 15 minutes, the slowest first; at most 20. */
  slowest(): SlowCall[] {
    const nowMs = this.#nowMs();
    const oldestTimeMs = Date.now() - slowCallsAgeMaxMs;
    return this.#minutes
      .filter(({ endMs }) => endMs > nowMs - slowCallsAgeMaxMs)
      .flatMap(({ calls }) => calls)
      .filter(({ endTimeMs }) => endTimeMs >= oldestTimeMs)
      .toSorted((one, other) => other.durationMs - one.durationMs)
      .slice(0, slowCallsMax);
  }

  /** How many calls are stored, those that are over 15 minutes old included; at most 320. */
  get storedCount(): number {
    return this.#minutes.reduce((count, { calls }) => count + calls.length, 0);
  }

  #begin(nowMs: number): void {
    this.#current = { endMs: nowMs + minuteMs, calls: [] };
    this.#floorMs = 0;
    this.#minutes = [...this.#minutes, this.#current].slice(-minutesMax);
  }

  #add(call: SlowCall): void {
    const { calls } = this.#current;
    if (calls.length < slowCallsMax) calls.push(call);
    else calls[this.#fastest()] = call;
    if (calls.length === slowCallsMax) this.#floorMs = calls[this.#fastest()]?.durationMs ?? 0;
  }

  #fastest(): number {
    const { calls } = this.#current;
    let found = 0;
    for (let index = 1; index < calls.length; index += 1) {
      if ((calls[index]?.durationMs ?? 0) < (calls[found]?.durationMs ?? 0)) found = index;
    }
    return found;
  }
}

/** Those of this process; `recordServerCall` notes them. */
export const slowCalls = new SlowCalls();

// Health, reflection and the contract that shows these calls: in a system at rest nothing else would be seen.
const platformPackages = /^(grpc|outcry\.process)\./;

function isOfPlatform({ parent }: DescMethod): boolean {
  return platformPackages.test(parent.typeName);
}
