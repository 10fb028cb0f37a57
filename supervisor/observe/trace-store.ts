/** The newest traces in memory, for a machine that has no other store. */
import type { ReceivedSpan } from '#platform/telemetry/collector/received-span.ts';

/** A trace in a list. Times are Unix milliseconds. */
export type TraceSummary = {
  traceId: string;
  /** That of its earliest span, with its service. */
  name: string;
  startTimeMs: number;
  durationMs: number;
  spanCount: number;
  hasFault: boolean;
};

/** The traces, newest last span first. */
export type TraceStore = {
  add(spans: readonly ReceivedSpan[]): void;
  list(): TraceSummary[];
  /** The spans of a trace by their start; empty: it is not known. */
  get(traceId: string): readonly ReceivedSpan[];
};

/** Bounds of a store: traces, spans of each, and characters of all spans as JSON. */
export type TraceStoreBounds = { tracesMax: number; spansMax: number; charactersMax: number };

const standardBounds: TraceStoreBounds = { tracesMax: 1_000, spansMax: 500, charactersMax: 32_000_000 };

type Entry = { spans: ReceivedSpan[]; characters: number };

/** An empty store. Beyond a bound, the traces that were added to longest ago are dropped, and further spans of a trace that has too many. */
export function createTraceStore(bounds: TraceStoreBounds = standardBounds): TraceStore {
  const traces = new Map<string, Entry>();
  let characters = 0;
  const dropOldest = () => {
    const [oldest] = traces.keys();
    if (oldest === undefined) return;
    characters -= traces.get(oldest)?.characters ?? 0;
    traces.delete(oldest);
  };
  const addOne = (span: ReceivedSpan) => {
    const entry = traces.get(span.traceId) ?? { spans: [], characters: 0 };
    // To the end: it was added to last.
    traces.delete(span.traceId);
    traces.set(span.traceId, entry);
    if (entry.spans.length >= bounds.spansMax) return;
    const size = JSON.stringify(span).length;
    entry.spans.push(span);
    entry.characters += size;
    characters += size;
    while (traces.size > bounds.tracesMax || characters > bounds.charactersMax) dropOldest();
  };
  return {
    add: (spans) => spans.forEach(addOne),
    list: () => [...traces].reverse().map(([traceId, { spans }]) => summaryOf(traceId, spans)),
    get: (traceId) => (traces.get(traceId)?.spans ?? []).toSorted((a, b) => a.startTimeMs - b.startTimeMs),
  };
}

function summaryOf(traceId: string, spans: readonly ReceivedSpan[]): TraceSummary {
  const first = spans.reduce((earliest, span) => (span.startTimeMs < earliest.startTimeMs ? span : earliest));
  const endTimeMs = spans.reduce((latest, span) => Math.max(latest, span.endTimeMs), 0);
  return {
    traceId,
    name: `${first.service} ${first.name}`,
    startTimeMs: first.startTimeMs,
    durationMs: Math.max(0, endTimeMs - first.startTimeMs),
    spanCount: spans.length,
    hasFault: spans.some((span) => span.hasFault),
  };
}
