/** What the head of a request says about the call beside its RPC. */
import { withMirrorMark } from '#platform/telemetry/carried-baggage.ts';
import { startEdgeTrace, type Trace } from '#platform/telemetry/trace-context.ts';
import type { RequestHandler } from '../port/request-handler.ts';

type Request = Parameters<RequestHandler>[0];

const requestIdPattern = /^[A-Za-z0-9._:-]{1,64}$/;

/**
 * The trace of a call: it continues the caller's `traceparent`, and has the caller's `x-request-id` where that is well-formed, and of its `baggage`
 * what is carried on. A copy that a proxy has made is marked there.
 */
export function traceOf({ headers }: Request): Trace {
  const sentId = headers['x-request-id'];
  const requestId = typeof sentId === 'string' && requestIdPattern.test(sentId) ? sentId : undefined;
  const { traceparent, baggage } = headers;
  const host = textOf(headers[':authority']) ?? headers.host ?? '';
  return startEdgeTrace(textOf(traceparent), requestId, withMirrorMark(textOf(baggage), host));
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** The client's address; with `trustForwardedFor` the first entry of `x-forwarded-for`, which a proxy in front sets. */
export function remoteAddressOf(request: Request, trustForwardedFor: boolean): string {
  const forwarded = trustForwardedFor ? request.headers['x-forwarded-for'] : undefined;
  if (typeof forwarded === 'string') return forwarded.split(',', 1)[0]?.trim() || 'unknown';
  return request.socket.remoteAddress ?? 'unknown';
}

/** Whether the client speaks TLS, which only a proxy in front can, that says so in `x-forwarded-proto`; it is believed with `trustForwardedFor`. */
export function isSecure(forwardedProto: string | string[] | undefined, trustForwardedFor: boolean): boolean {
  return trustForwardedFor && textOf(forwardedProto)?.split(',', 1)[0]?.trim() === 'https';
}
