/** The spans of one trace, with those of other traces that they are linked with, and the edges between them. */
import type { ReceivedSpan } from '#platform/telemetry/collector/received-span.ts';

/** The spans of a trace, and those that are linked with one of them, from either side, step by step. */
export function spansOf(traceId: string, all: readonly ReceivedSpan[]): ReceivedSpan[] {
  const traceIds = new Set([traceId]);
  for (let size = 0; size < traceIds.size; ) {
    size = traceIds.size;
    for (const { traceId: from, links } of all) {
      if (traceIds.has(from)) for (const link of links) traceIds.add(link.traceId);
      else if (links.some((link) => traceIds.has(link.traceId))) traceIds.add(from);
    }
  }
  return all.filter((span) => traceIds.has(span.traceId));
}

/** Each pair of a span and one below it, or linked with it, as `gateway PlaceOrder > gateway gateway_orders`. */
export function edgesOf(spans: readonly ReceivedSpan[]): Set<string> {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const edges = new Set<string>();
  for (const span of spans) {
    const above = [span.parentSpanId, ...span.links.map(({ spanId }) => spanId)];
    for (const id of above) {
      const other = byId.get(id);
      if (other !== undefined) edges.add(`${labelOf(other)} > ${labelOf(span)}`);
    }
  }
  return edges;
}

function labelOf({ service, name }: ReceivedSpan): string {
  return `${service} ${name.slice(name.lastIndexOf('/') + 1)}`;
}
