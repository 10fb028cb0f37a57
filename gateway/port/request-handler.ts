/** What the port asks of the code behind it, and what it does for that code. */
import type http from 'node:http';

/**
 * Answers a request of either protocol. HTTP/2 requests come through Node's compatibility API, which has the parts of the
 * HTTP/1.1 one that handlers use here, so handlers are written against that.
 */
export type RequestHandler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

const notOfAuthority = /[/?#@\\\s]/;

/**
 * A handler that cannot end the process. The client may leave at any moment, and Node then emits errors on request and response at
 * times that no handler foresees: they are taken here. What the handler throws goes to `onFault`, and the call is cut off. A
 * request whose authority is none is answered by `refuse`; one that has no authority, as HTTP/1.0 allows, gets `localhost`.
 */
export function guardHandler(
  handler: RequestHandler,
  options: { refuse: (response: http.ServerResponse) => void; onFault: (error: unknown) => void },
): RequestHandler {
  return (request, response) => {
    ignoreErrors(request, response);
    try {
      if (hasAuthority(request)) handler(request, response);
      else options.refuse(response);
    } catch (error) {
      options.onFault(error);
      response.destroy();
    }
  };
}

/** Takes the errors of streams whose end is noticed otherwise: an error that nobody listens to ends the process. */
export function ignoreErrors(...emitters: NodeJS.EventEmitter[]): void {
  for (const emitter of emitters) emitter.on('error', () => {});
}

function hasAuthority(request: http.IncomingMessage): boolean {
  const { headers } = request;
  const authority = headers[':authority'] ?? headers.host;
  if (authority === undefined) headers.host = 'localhost';
  return authority === undefined || isAuthority(String(authority));
}

function isAuthority(value: string): boolean {
  return !notOfAuthority.test(value) && URL.canParse(`http://${value}`);
}
