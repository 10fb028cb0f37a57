/** The pages of the trace store: /traces, /traces/ID, and the same as JSON with `.json`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReceivedSpan } from '#platform/telemetry/collector/received-span.ts';
import type { TraceStore, TraceSummary } from './trace-store.ts';

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};
const path = /^\/traces(?:\/([0-9a-f]{32}))?(\.json)?$/;
/** Under another name a page of somewhere else could read what is here. */
const ownHost = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

/** Answers GET for the pages. */
export function serveTraces(store: TraceStore) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { ...headers, 'content-type': `${type}; charset=utf-8` }).end(body);
    const [, traceId, json] = path.exec(request.url === '/' ? '/traces' : (request.url ?? '')) ?? [undefined, ''];
    if (!ownHost.test(request.headers.host ?? '')) return void answer(403, 'text/plain', 'not by this name\n');
    if (request.method !== 'GET') return void answer(405, 'text/plain', 'method not allowed\n');
    if (traceId === '') return void answer(404, 'text/plain', 'not found\n');
    if (traceId === undefined) {
      const list = store.list();
      return void (json
        ? answer(200, 'application/json', JSON.stringify(list))
        : answer(200, 'text/html', page('traces', listOf(list))));
    }
    const spans = store.get(traceId);
    const status = spans.length === 0 ? 404 : 200;
    if (json) answer(status, 'application/json', JSON.stringify(spans));
    else answer(status, 'text/html', page(`trace ${traceId}`, treeOf(spans)));
  };
}

function listOf(traces: readonly TraceSummary[]): string {
  const rows = traces.map(
    ({ traceId, name, startTimeMs, durationMs, spanCount, hasFault }) =>
      `<tr class="${hasFault ? 'fault' : ''}"><td>${new Date(startTimeMs).toISOString()}<td><a href="/traces/${traceId}">${escapeHtml(name)}</a>` +
      `<td>${durationMs.toFixed(1)} ms<td>${spanCount}<td>${hasFault ? 'fault' : ''}`,
  );
  return `<table><tr><th>began<th>first span<th>time<th>spans<th>${rows.join('\n')}</table>`;
}

function treeOf(spans: readonly ReceivedSpan[]): string {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = Map.groupBy(spans, ({ parentSpanId }) => (ids.has(parentSpanId) ? parentSpanId : ''));
  const beginMs = spans[0]?.startTimeMs ?? 0;
  const rows: string[] = [];
  const shown = new Set<ReceivedSpan>();
  const show = (span: ReceivedSpan, depth: number) => {
    // Spans name their parents themselves, and may lead back to themselves.
    if (shown.has(span)) return;
    shown.add(span);
    rows.push(rowOf(span, { depth, beginMs }));
    for (const child of below.get(span.spanId) ?? []) show(child, depth + 1);
  };
  for (const span of below.get('') ?? []) show(span, 0);
  return `<table><tr><th>span<th>began after<th>time<th>${rows.join('\n')}</table>`;
}

function rowOf(span: ReceivedSpan, { depth, beginMs }: { depth: number; beginMs: number }): string {
  const { service, name, startTimeMs, endTimeMs, hasFault, links, attributes } = span;
  const others = new Set(links.map(({ traceId }) => traceId));
  const linked = [...others].map((traceId) => ` <a href="/traces/${traceId}">${traceId.slice(0, 8)}</a>`).join('');
  const facts = Object.entries(attributes).map(([key, value]) => `${key}=${value}`);
  return (
    `<tr class="${hasFault ? 'fault' : ''}" title="${escapeHtml(facts.join('\n'))}"><td style="padding-left:${depth + 0.5}em">${escapeHtml(`${service} ${name}`)}${linked}` +
    `<td>${(startTimeMs - beginMs).toFixed(1)} ms<td>${(endTimeMs - startTimeMs).toFixed(1)} ms<td>${hasFault ? 'fault' : ''}`
  );
}

function page(title: string, body: string): string {
  const style = 'body{font:14px system-ui;margin:1em}td,th{text-align:left;padding:2px .5em}.fault td{color:#b00020}';
  return `<!doctype html><html lang="en"><title>Outcry: ${title}</title><style>${style}</style><h1>${title}</h1><p><a href="/traces">traces</a></p>${body}</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
