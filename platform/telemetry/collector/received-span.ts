/** Spans as OTLP's JSON has them, read as far as they are shown and tested. */

/** One span. Times are Unix milliseconds. */
export type ReceivedSpan = {
  traceId: string;
  spanId: string;
  /** Empty for the first span of a trace. */
  parentSpanId: string;
  name: string;
  service: string;
  startTimeMs: number;
  endTimeMs: number;
  hasFault: boolean;
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, string>;
};

const statusError = 2;
const [linksMax, attributesMax, lengthMax] = [64, 32, 200];

/** The spans of an ExportTraceServiceRequest. Throws SyntaxError for what is no JSON, and passes over what is no span. */
export function readSpans(body: string): ReceivedSpan[] {
  const request: unknown = JSON.parse(body);
  return listOf(request, 'resourceSpans').flatMap((resource) => {
    const service = attributesOf(Reflect.get(resource, 'resource'))['service.name'] ?? 'unknown';
    return listOf(resource, 'scopeSpans').flatMap((scope) =>
      listOf(scope, 'spans').flatMap((span) => readSpan(span, service)),
    );
  });
}

function readSpan(span: object, service: string): ReceivedSpan[] {
  const ids = { traceId: textOf(span, 'traceId'), spanId: textOf(span, 'spanId') };
  if (!/^[0-9a-f]{32}$/.test(ids.traceId) || !/^[0-9a-f]{16}$/.test(ids.spanId)) return [];
  const status: unknown = Reflect.get(span, 'status');
  return [
    {
      ...ids,
      parentSpanId: textOf(span, 'parentSpanId'),
      name: textOf(span, 'name'),
      service,
      startTimeMs: Number(textOf(span, 'startTimeUnixNano')) / 1e6,
      endTimeMs: Number(textOf(span, 'endTimeUnixNano')) / 1e6,
      hasFault: isObject(status) && Reflect.get(status, 'code') === statusError,
      links: listOf(span, 'links')
        .slice(0, linksMax)
        .map((link) => ({ traceId: textOf(link, 'traceId'), spanId: textOf(link, 'spanId') })),
      attributes: attributesOf(span),
    },
  ];
}

function attributesOf(owner: unknown): Record<string, string> {
  const entries = listOf(owner, 'attributes').slice(0, attributesMax);
  return Object.fromEntries(
    entries.map((entry) => {
      const value: unknown = Reflect.get(entry, 'value');
      const [held] = isObject(value) ? Object.values(value) : [];
      return [textOf(entry, 'key'), String(held ?? '').slice(0, lengthMax)];
    }),
  );
}

function listOf(owner: unknown, key: string): object[] {
  const value: unknown = isObject(owner) ? Reflect.get(owner, key) : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(owner: object, key: string): string {
  const value: unknown = Reflect.get(owner, key);
  return typeof value === 'string' ? value.slice(0, lengthMax) : '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
