/**
 * Lets scripts of other origins call. Tokens travel in a header, so any origin may be allowed: the cookies of
 * sessions are sent with no request of another origin, and what asks for them (`outcry-session`) is no header that is allowed here.
 */
import { cors } from '@connectrpc/connect';
import type { RequestHandler } from '../port/one-port-server.ts';

const allowedMethods = cors.allowedMethods.join(', ');
const allowedHeaders = [...cors.allowedHeaders, 'Authorization', 'X-Request-Id', 'Traceparent', 'Baggage'].join(', ');
const exposedHeaders = [
  ...cors.exposedHeaders,
  'X-Request-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'Retry-After',
].join(', ');
const preflightAgeSeconds = 7_200;

/** Answers preflight requests and adds the CORS headers to all other answers. `origins`: the allowed ones, or `*`. */
export function withCors(origins: readonly string[], next: RequestHandler): RequestHandler {
  const any = origins.includes('*');
  return (request, response) => {
    const { origin } = request.headers;
    if (origin !== undefined && (any || origins.includes(origin))) {
      response.setHeader('Access-Control-Allow-Origin', any ? '*' : origin);
      response.setHeader('Access-Control-Expose-Headers', exposedHeaders);
      if (!any) response.setHeader('Vary', 'Origin');
    }
    const isPreflight = request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
    if (!isPreflight) {
      next(request, response);
      return;
    }
    response.setHeader('Access-Control-Allow-Methods', allowedMethods);
    response.setHeader('Access-Control-Allow-Headers', allowedHeaders);
    response.setHeader('Access-Control-Max-Age', String(preflightAgeSeconds));
    response.writeHead(204);
    response.end();
  };
}
