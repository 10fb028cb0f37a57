/** W3C trace context of the work in progress, kept in AsyncLocalStorage. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomHex } from '#platform/ids/random.ts';
import { carriedBaggageOf, hasMirrorMark } from './carried-baggage.ts';
import { marksEdgeCall, marksRoots } from './sampling.ts';

/**
 * Which trace and request the running code belongs to. Ids are lower-case hex: 32 digits for the trace, 16 for the span. `baggage` goes with
 * each call that is made, see carried-baggage.ts.
 */
export type Trace = {
  traceId: string;
  spanId: string;
  requestId: string;
  /** Undefined for the first span of a trace. */
  parentSpanId: string | undefined;
  /** Whether every span is recorded, where spans are: see sampling.ts. */
  isSampled: boolean;
  baggage?: string | undefined;
};

const storage = new AsyncLocalStorage<Trace>();
const traceparentPattern = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;
const zeroTrace = '0'.repeat(32);
const zeroSpan = '0'.repeat(16);

/** The trace of the running call or event; undefined outside of one. */
export function currentTrace(): Trace | undefined {
  return storage.getStore();
}

/** Runs `fn` with `args`, and all that it starts, inside `trace`. */
export function runWithTrace<T, A extends unknown[]>(trace: Trace, fn: (...args: A) => T, ...args: A): T {
  return storage.run(trace, fn, ...args);
}

/**
 * A span of its own: below `traceparent` when that is valid, else in a new trace. `requestId` defaults to the trace id; of `baggage` the members of
 * carried-baggage.ts are carried on.
 */
export function startTrace(traceparent?: string, requestId?: string, baggage?: string): Trace {
  const parent = traceparent === undefined ? null : traceparentPattern.exec(traceparent);
  const valid = parent !== null && parent[1] !== zeroTrace && parent[2] !== zeroSpan;
  const traceId = valid ? (parent[1] as string) : randomHex(16);
  const trace = {
    traceId,
    spanId: randomHex(8),
    requestId: requestId ?? traceId,
    parentSpanId: valid ? parent[2] : undefined,
    isSampled: valid ? isFlagSet(parent[3]) : marksRoots(),
  };
  return baggage === undefined ? trace : { ...trace, baggage: carriedBaggageOf(baggage) };
}

/** Whether the work in progress is for a copy of a call, which must not change anything. */
export function isMirrored(trace: Trace | undefined = currentTrace()): boolean {
  return hasMirrorMark(trace?.baggage);
}

/** The same for a call that comes from outside: whether it is recorded is decided here. */
export function startEdgeTrace(traceparent?: string, requestId?: string, baggage?: string): Trace {
  const trace = startTrace(traceparent, requestId, baggage);
  trace.isSampled = marksEdgeCall(trace.parentSpanId === undefined ? undefined : trace.isSampled);
  return trace;
}

/** The span that `traceparent` names, for what is done below it or linked with it; a new trace when it is not valid. */
export function traceNamedBy(traceparent: string): Trace {
  const trace = startTrace(traceparent);
  return trace.parentSpanId === undefined ? trace : { ...trace, spanId: trace.parentSpanId, parentSpanId: undefined };
}

/** A span below the one of `trace`. */
export function childTrace(trace: Trace): Trace {
  return { ...trace, spanId: randomHex(8), parentSpanId: trace.spanId };
}

/** The `traceparent` header that continues `trace` elsewhere, with its mark; empty outside of a trace. */
export function traceparentOf(trace: Trace | undefined = currentTrace()): string {
  return trace === undefined ? '' : `00-${trace.traceId}-${trace.spanId}-${trace.isSampled ? '01' : '00'}`;
}

// The lowest bit of two hex digits.
function isFlagSet(flags: string | undefined): boolean {
  return (Number.parseInt(flags ?? '0', 16) & 1) === 1;
}
