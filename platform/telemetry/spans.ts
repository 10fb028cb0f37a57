/**
 * Spans of OpenTelemetry, made when they end: until then a span is nothing but its ids, so that one that is not recorded costs nothing. Without a
 * recorder, which `startTracing` sets, nothing is made at all.
 */
import {
  type Attributes,
  type Link,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace as tracing,
} from '@opentelemetry/api';
import { childTrace, currentTrace, type Trace } from './trace-context.ts';

export { SpanKind } from '@opentelemetry/api';

/** What a span says beside its ids. */
export type SpanFacts = {
  /** Few and the same for all of a kind: an RPC, a queue, a feed. */
  name: string;
  kind?: SpanKind;
  /** Of `performance.now()`; it ends now. */
  startTimeMs: number;
  attributes?: Attributes;
  /** Spans of other traces that it belongs to. */
  links?: readonly Trace[];
  /** Why it failed; undefined: it did not. */
  fault?: string | undefined;
};

/** What records spans. */
export type SpanRecorder = {
  tracer: Tracer;
  /** Gives the ids of the next span to the tracer. */
  presetIds(trace: Pick<Trace, 'traceId' | 'spanId'>): void;
  /** The longest time of a call, in ms, that is not slow. */
  slowMs: number;
};

let recorder: SpanRecorder | undefined;

/** Sets what records spans in this process; undefined: nothing does. */
export function setSpanRecorder(next: SpanRecorder | undefined): void {
  recorder = next;
}

/** Whether spans are recorded in this process. */
export function isTracing(): boolean {
  return recorder !== undefined;
}

/** The current trace, where all of its spans are recorded here. */
export function sampledTrace(): Trace | undefined {
  if (recorder === undefined) return undefined;
  const trace = currentTrace();
  return trace?.isSampled ? trace : undefined;
}

/** Whether a span that ends now is recorded: one of a trace that is, a fault, or one that took too long. */
export function isRecorded(trace: Trace, { startTimeMs, isFault, isBounded }: RecordedWhen): boolean {
  if (recorder === undefined) return false;
  return trace.isSampled || isFault || (isBounded && performance.now() - startTimeMs > recorder.slowMs);
}

/** `isBounded`: it should end soon, unlike a stream. */
type RecordedWhen = { startTimeMs: number; isFault: boolean; isBounded: boolean };

/** Records the span of `trace`, which ends now. */
export function recordSpan(trace: Trace, facts: SpanFacts): void {
  if (recorder === undefined) return;
  const { name, kind = SpanKind.INTERNAL, startTimeMs, attributes, links, fault } = facts;
  recorder.presetIds(trace);
  const options = {
    kind,
    startTime: performance.timeOrigin + startTimeMs,
    root: trace.parentSpanId === undefined,
    ...(attributes && { attributes }),
    ...(links && { links: links.map(linkTo) }),
  };
  const span = recorder.tracer.startSpan(name, options, parentContextOf(trace));
  if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
  span.end(performance.timeOrigin + performance.now());
}

/** Runs what is part of the current trace, in a span of its own where that trace is recorded. */
export async function inSpan<T>(facts: Omit<SpanFacts, 'startTimeMs' | 'fault'>, run: (trace?: Trace) => Promise<T>) {
  const outer = sampledTrace();
  if (outer === undefined) return run();
  const trace = childTrace(outer);
  const startTimeMs = performance.now();
  try {
    const result = await run(trace);
    recordSpan(trace, { ...facts, startTimeMs });
    return result;
  } catch (error) {
    recordSpan(trace, { ...facts, startTimeMs, fault: nameOf(error) });
    throw error;
  }
}

/** What a span says of an error: its name, as its message may quote what someone typed. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

function parentContextOf({ traceId, parentSpanId: spanId }: Trace) {
  if (spanId === undefined) return ROOT_CONTEXT;
  return tracing.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

function linkTo({ traceId, spanId }: Trace): Link {
  return { context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED } };
}
